"""Programs with a token of their own."""

from __future__ import annotations

from collections.abc import Sequence

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.types.common import Node, global_id
from marketplace.api.graphql.types.enums import AppTypeEnum, PermissionEnum
from marketplace.people import models


class Permission(graphene.ObjectType):
    """One of Saleor's permissions. Resolved from its name."""

    code = graphene.Field(PermissionEnum, required=True, resolver=lambda root, _info: root)
    name = graphene.String(required=True, resolver=lambda root, _info: str(root).replace("_", " ").capitalize() + ".")


class App(graphene.ObjectType):
    """A program that the operator gave a token to. Its token is shown to nobody."""

    class Meta:
        interfaces = (Node,)

    id = global_id("App")
    name = graphene.String()
    created = graphene.DateTime(resolver=lambda root, _info: root.made_at)
    is_active = graphene.Boolean(resolver=lambda root, _info: root.ended_at is None)
    # None is installed from somebody's manifest.
    type = graphene.Field(AppTypeEnum, resolver=lambda _root, _info: "LOCAL")
    permissions = graphene.List(graphene.NonNull(Permission))

    @staticmethod
    def resolve_permissions(root: models.App, _info: GraphQLResolveInfo) -> Sequence[str]:
        return list(root.permissions)
