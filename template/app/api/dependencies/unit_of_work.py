"""Transactions in place of the request's own: an endpoint has the one or the other."""

from typing import Annotated

from fastapi import Depends, Request

from app.crud.unit_of_work import UnitOfWorkFactory, unit_of_work_factory


async def get_unit_of_work(request: Request) -> UnitOfWorkFactory:
    """Give the function that begins one."""
    return unit_of_work_factory(request.app.state.sessions)


UnitOfWorkDep = Annotated[UnitOfWorkFactory, Depends(get_unit_of_work)]
