"""`me` and `app`: who asks."""

from __future__ import annotations

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.apps import App
from marketplace.api.graphql.types.users import User
from marketplace.people.models import App as AppRow
from marketplace.people.models import User as UserRow


class PeopleQueries(graphene.ObjectType):
    """What may be asked about people and programs: oneself."""

    me = graphene.Field(User)
    app = graphene.Field(App, id=graphene.ID(), description="The program that asks; to apps only.")

    @staticmethod
    def resolve_me(_root: None, info: GraphQLResolveInfo) -> UserRow | None:
        return context(info).user

    @staticmethod
    def resolve_app(_root: None, info: GraphQLResolveInfo, id: str | None = None) -> AppRow | None:
        asking = context(info).app
        if asking is None:
            raise needs_one_of("AUTHENTICATED_STAFF_USER", "AUTHENTICATED_APP")
        return asking if id is None or integer_of(id, "App") == asking.pk else None
