"""Our schema beside Saleor 3.24's: the same under the same name, but for what stands with its reason in a table."""

from __future__ import annotations

from tests.api.contract.comparing import compared, our_types, printed_schema, types_in
from tests.api.contract.differences import DIFFERENCES, OURS
from tests.api.contract.documents import GONE
from tests.api.contract.facts import asked_by_mutations, asked_by_queries, inputs_of, saleor_types, usage


def wanted() -> set[str]:
    mutations = set(usage()["root_mutations"])
    asked = asked_by_queries() | asked_by_mutations(mutations)
    return asked | inputs_of(asked)


def test_what_saleor_has_too_is_as_in_saleor_and_what_its_storefront_asks_is_there() -> None:
    found = compared(our_types(), wanted=wanted()).differences

    assert {name: what for name, what in found.items() if name not in DIFFERENCES} == {}


def test_every_difference_in_the_table_is_one_still_and_has_its_reason() -> None:
    found = compared(our_types(), wanted=wanted()).differences

    assert [name for name in DIFFERENCES if name not in found] == []
    assert [name for name, reason in {**DIFFERENCES, **OURS}.items() if len(reason) < 20] == []


def test_what_only_we_have_is_meant() -> None:
    found = compared(our_types(), wanted=()).ours

    assert sorted(found - OURS.keys()) == []
    assert sorted(OURS.keys() - found) == []


def test_every_mutation_of_the_storefront_is_there() -> None:
    ours = {member for member in our_types()["Mutation"].members if "(" not in member}
    asked = set(usage()["root_mutations"])

    assert (asked - ours, len(asked)) == (set(), 33)
    assert [name for name in asked if name not in saleor_types()["Mutation"].members] == []
    assert {name for name in GONE if name not in ours or name in saleor_types()["Mutation"].members} == set()


def test_the_facts_hold_what_the_storefront_asks() -> None:
    """Otherwise a slip in a name would ask for nothing, and be found by nothing."""
    asked = asked_by_queries()

    assert len(usage()["root_queries"]) == 15
    assert len([name for name in asked if "." in name]) > 350
    assert {"Product.assignedAttribute(slug)", "AssignedNumericAttribute.value", "MenuItem.children"} <= asked
    assert {"ProductOrderField.RATING", "CategoryFilterInput.slugs", "CountryCode.VN"} <= inputs_of(asked)


def found_in(sdl: str) -> dict[str, str]:
    """The differences of this schema that ours has not."""
    ours = compared(our_types(), wanted=wanted()).differences
    found = compared(types_in(sdl), wanted=wanted()).differences
    return {name: what for name, what in found.items() if ours.get(name) != what}


def test_control_a_field_of_another_type_is_found() -> None:
    sdl = printed_schema().replace("totalBalance: Money!", "totalBalance: Money")

    assert found_in(sdl) == {
        "Checkout.totalBalance": "Money, in Saleor Money!",
        "Order.totalBalance": "Money, in Saleor Money!",
    }


def test_control_a_missing_field_argument_and_value_are_found() -> None:
    sdl = printed_schema()
    without = sdl.replace("  statusDisplay: String!\n", "").replace(
        "enum OrderDirection {\n  ASC\n", "enum OrderDirection {\n"
    )
    without = without.replace("order(id: ID): Order", "order: Order")

    assert found_in(without) == {
        "Order.statusDisplay": "missing",
        "OrderDirection.ASC": "missing, and clients of Saleor know it",
        "Query.order(id)": "missing, and clients of Saleor may give it",
    }


def test_control_a_value_that_is_only_answered_is_missed_and_one_of_our_own_is_found() -> None:
    sdl = printed_schema().replace(
        "enum ProductMediaType {\n  IMAGE\n  VIDEO\n", "enum ProductMediaType {\n  IMAGE\n  TAEL\n"
    )

    assert found_in(sdl) == {"ProductMediaType.VIDEO": "missing, and clients of Saleor know it"}
    assert compared(types_in(sdl), wanted=()).ours - OURS.keys() == {"ProductMediaType.TAEL"}


def test_every_enum_that_saleor_has_too_holds_all_of_its_values_but_two_that_orders_are_not_sorted_by() -> None:
    saleors = {name for name, facts in our_types().items() if facts.kind == "ENUM" and name in saleor_types()}
    missing = {
        f"{name}.{value}"
        for name in saleors
        for value in saleor_types()[name].members.keys() - our_types()[name].members
    }

    assert len(saleors) > 40
    assert missing == {"OrderSortField.RANK", "OrderSortField.CUSTOMER"}


def test_control_an_argument_or_input_that_saleor_requires_and_one_that_we_alone_require_are_found() -> None:
    sdl = printed_schema().replace("  quantity: Int!\n  variantId: ID!\n", "  variantId: ID!\n  taels: Int!\n")
    sdl = sdl.replace("deliveryOptionsCalculate(id: ID!)", "deliveryOptionsCalculate(key: ID!)")

    assert found_in(sdl) == {
        "CheckoutLineInput.quantity": "missing, and clients of Saleor must give it",
        "CheckoutLineInput.taels": "must be given, and Saleor does not know it",
        "Mutation.deliveryOptionsCalculate(id)": "missing, and clients of Saleor must give it",
        "Mutation.deliveryOptionsCalculate(key)": "must be given, and Saleor does not know it",
    }


def test_control_another_kind_of_type_is_found() -> None:
    sdl = printed_schema().replace("union DeliveryMethod = Warehouse | ShippingMethod", "scalar DeliveryMethod")

    assert found_in(sdl) == {"DeliveryMethod": "SCALAR, in Saleor UNION"}


def test_control_a_type_that_a_union_lacks_and_one_of_our_own_are_found() -> None:
    sdl = printed_schema().replace("union DeliveryMethod = Warehouse | ", "union DeliveryMethod = Image | ")

    assert found_in(sdl) == {"DeliveryMethod.Warehouse": "missing, and clients of Saleor may give it"}
    assert compared(types_in(sdl), wanted=()).ours - OURS.keys() == {"DeliveryMethod.Image"}


def test_control_a_field_and_a_type_of_our_own_are_found() -> None:
    sdl = printed_schema().replace("type Image {\n", "type Image {\n  taels: Int\n") + "\ntype Tael { id: ID! }\n"

    found = compared(types_in(sdl), wanted=()).ours

    assert found - OURS.keys() == {"Image.taels", "Tael"}
