"""`me`: who asks."""

from __future__ import annotations

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.types.users import User
from marketplace.people.models import User as UserRow


class PeopleQueries(graphene.ObjectType):
    """What may be asked about people: oneself."""

    me = graphene.Field(User)

    @staticmethod
    def resolve_me(_root: None, info: GraphQLResolveInfo) -> UserRow | None:
        return context(info).user
