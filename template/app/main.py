"""Puts the application together: this is the list of what is plugged in."""

from fastapi import FastAPI

from app.api.health import router as health_router
from app.api.tags import TAGS
from app.api.v1.router import router as v1_router
from app.config import Settings, load_settings
from app.core.docs import register_docs
from app.core.error_handlers import register_error_handlers
from app.core.logging import configure_logging
from app.core.middleware.register import register_middleware
from app.core.openapi import operation_id
from app.core.openapi_document import register_openapi
from app.db.error_handlers import register_database_error_handlers
from app.lifespan import lifespan


def create_app(settings: Settings) -> FastAPI:
    """Assemble the application from its parts."""
    access_log = configure_logging(settings.log_level, json=settings.log_as_json)
    app = FastAPI(
        title=settings.project_name,
        description=settings.description,
        version=settings.version,
        lifespan=lifespan,
        debug=settings.debug,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if settings.docs_enabled else None,
        openapi_tags=TAGS,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
    )
    app.state.settings = settings
    register_middleware(
        app, settings.http, settings.cors, access_log, in_production=settings.in_production
    )
    register_error_handlers(app)
    register_database_error_handlers(app)
    register_openapi(app, settings.pagination)
    if settings.docs_enabled:
        register_docs(app)
    app.include_router(v1_router)
    app.include_router(health_router)
    return app


def __getattr__(name: str) -> FastAPI:
    """Make `app.main:app` when a server asks for it: importing `create_app` makes nothing."""
    if name == "app":
        return create_app(load_settings())
    raise AttributeError(name)
