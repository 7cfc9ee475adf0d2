import socket

import pytest

from tests.plugins.network import Guard, NetworkRefused, is_this_machine


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "", None, b"127.0.0.1"])
def test_this_machine_may_be_reached(host: object) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["192.168.1.1", "8.8.8.8", "2001:db8::1", "example.vn", b"example.vn"])
def test_other_machines_may_not(host: object) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_a_socket_to_another_machine_is_refused_before_it_leaves(method: str, network_guard: Guard) -> None:
    with socket.socket() as caller, pytest.raises(NetworkRefused):
        getattr(caller, method)(("192.0.2.1", 80))

    assert network_guard.refused == ["192.0.2.1"]
    network_guard.refused.clear()


def test_looking_up_the_name_of_another_machine_is_refused(network_guard: Guard) -> None:
    with pytest.raises(NetworkRefused):
        socket.create_connection(("example.vn", 443), timeout=1)

    assert network_guard.refused == ["example.vn"]
    network_guard.refused.clear()


def test_control_a_server_on_this_machine_is_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as caller,
    ):
        assert caller.getpeername() == server.getsockname()
