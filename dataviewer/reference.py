"""The API described for people: one page, made from the same table as the OpenAPI document."""

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined

from dataviewer import openapi
from dataviewer.catalog import Catalog
from dataviewer.openapi import ERRORS, HEADERS, ROUTES, Route
from dataviewer.shapes import KEYS, SCHEMAS

SHOWN = ("application/json", "application/ld+json", "application/x-ndjson", "text/csv", "text/plain")
_templates = Environment(
    loader=PackageLoader("dataviewer"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def write(catalog: Catalog, root: str, host: str, asset: Callable[[str], str]) -> str:
    """Return the page of a viewer that browsers see at the path `root` of `host`; `asset` gives the address of a file
    that the page loads."""
    return _templates.get_template("api.html").render(
        document=openapi.describe(catalog, root),
        dataset=openapi.shown_dataset(catalog),
        root=root,
        address=host.rstrip("/") + root,
        routes=ROUTES,
        keys=KEYS,
        errors=ERRORS,
        headers=HEADERS,
        asset=asset,
        fields=_fields,
        shown=lambda route: route.media_type.partition(";")[0] in SHOWN,
        values=_values,
    )


def _fields(route: Route) -> list[str]:
    """Return the names of an answer that is an object."""
    name = (route.schema or {}).get("$ref", "").rpartition("/")[2]
    return list(SCHEMAS[name]["properties"]) if name else []


def _values(schema: dict) -> str:
    """Return which values a key takes, where its meaning does not say that already."""
    if "anyOf" in schema:
        number, words = schema["anyOf"]
        named = "".join(f" or {word}" for word in words["enum"] if word)
        return f"{number['minimum']:,} to {number['maximum']:,}{named}."
    if "enum" in schema:
        return f"{', '.join(filter(None, schema['enum']))}."
    if schema["type"] == "integer":
        return f"{schema['minimum']:,} to {schema['maximum']:,}."
    if schema["type"] == "array":
        return f"Repeatable, up to {schema['maxItems']}."
    return f"Up to {schema['maxLength']} characters." if "maxLength" in schema else ""
