"""The codebook of an archive from the contracts: CSV, JSON Schema and Frictionless fields.

The data package follows version 2 of the standard, https://datapackage.org/standard/data-package/.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import inf
from typing import Any

import pandas as pd

from pipelines.base.contracts import TYPES, Column, Table

#: Names that the data package standard asks for; other licenses go by title and address.
_LICENSE_NAMES = {
    "CC BY 4.0": "CC-BY-4.0",
    "O*NET Database licence of its release; CC BY 4.0 as served today": "CC-BY-4.0",
    "MIT": "MIT",
    "Public domain (U.S. government work)": "other-pd",
}


_JSON_TYPES = {"str": "string", "int64": "integer", "float64": "number", "bool": "boolean"}
#: How a missing value is written in each kind of file.
_MISSING = "CSV: empty; parquet: null; Stata: {}"


def table(kept: list[Table], sources: Mapping[str, list[str]]) -> pd.DataFrame:
    """The codebook, a row a column of a table.

    Parameters
    ----------
    kept : list of Table
    sources : mapping of str to list of str
        By table, the ids of its sources in ``sources.csv``.

    Returns
    -------
    DataFrame
        table, position (from 1), column, type, unit, key (yes or no), may_be_missing (yes or no),
        missing_code, minimum, maximum, pattern, allowed_values (separated by |; an empty one is
        the empty text), description, sources (separated by a space).
    """
    return pd.DataFrame(
        [
            {
                "table": one.name,
                "position": position,
                "column": column.name,
                "type": _JSON_TYPES[column.dtype],
                "unit": _unit(column),
                "key": "yes" if column.name in one.key else "no",
                "may_be_missing": "yes" if column.nullable else "no",
                "missing_code": _missing(column, one),
                "minimum": str(limits(column).get("minimum", "")),
                "maximum": str(limits(column).get("maximum", "")),
                "pattern": str(limits(column).get("pattern", "")),
                "allowed_values": "|".join(column.allowed or ()),
                "description": column.description,
                "sources": " ".join(sources[one.name]),
            }
            for one in kept
            for position, column in enumerate(one.columns, start=1)
        ]
    )


def _missing(column: Column, of: Table) -> str:
    if not column.nullable:
        return ""
    written = _MISSING.format("empty" if column.dtype == "str" else ".")
    flag = f"{column.name}_flag"
    return f"{written}; {flag} says why" if flag in of.names else written


def _unit(column: Column) -> str:
    return "one of the allowed values" if column.allowed is not None else column.unit


def limits(column: Column) -> dict[str, Any]:
    """``minimum``, ``maximum``, ``pattern`` and ``enum`` of a column, those that it has.

    JSON Schema and the data package call them by the same names.
    """
    if column.allowed is not None:
        return {"enum": list(column.allowed)}
    kind = TYPES[column.type]
    if kind.pattern is not None:
        # The whole text, as the contract asks: a pattern of JSON Schema may match a part.
        return {"pattern": f"^{kind.pattern}$"}
    return {
        name: int(value) if value == int(value) else value
        for name, value in (("minimum", kind.low), ("maximum", kind.high))
        if abs(value) != inf
    }


def json_schema(kept: list[Table]) -> dict[str, Any]:
    """JSON Schema (2020-12) of a row of each table, under ``$defs`` by the table's name."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rows of the tables of Technician Outlook",
        "$defs": {
            one.name: {
                "type": "object",
                "description": one.about,
                "properties": {column.name: _property(column) for column in one.columns},
                "required": one.names,
                "additionalProperties": False,
            }
            for one in kept
        },
    }


def _property(column: Column) -> dict[str, Any]:
    kind = _JSON_TYPES[column.dtype]
    bounds = limits(column)
    if column.nullable and "enum" in bounds:
        bounds["enum"] = [*bounds["enum"], None]
    return {
        "description": column.description,
        "unit": _unit(column),
        "type": [kind, "null"] if column.nullable else kind,
        **bounds,
    }


def fields(of: Table) -> dict[str, Any]:
    """The Table Schema of a table's CSV file."""
    return {
        "fields": [_field(column) for column in of.columns],
        "primaryKey": list(of.key),
        "missingValues": [""],
    }


def _field(column: Column) -> dict[str, Any]:
    # An empty cell of text that is never missing is the empty text, a value: "" of a flag says that
    # the number beside it is not missing.
    empty_is_value = column.dtype == "str" and not column.nullable
    return {
        "name": column.name,
        "type": _JSON_TYPES[column.dtype],
        "description": column.description,
        "unit": _unit(column),
        **({"missingValues": []} if empty_is_value else {}),
        "constraints": {"required": not column.nullable, **limits(column)},
    }


def resource(of: Table, stored: Mapping[str, Any], sources: list[dict[str, Any]]) -> dict[str, Any]:
    """A table's CSV file in the data package, with its schema.

    ``stored`` is its path, bytes and hash; ``sources`` are entries of the manifest.
    """
    return {
        "name": of.name,
        "description": of.about,
        "type": "table",
        **stored,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "sources": [
            {"title": f"{e['title']}, {e['release']}", "path": e["url"], "version": e["release"]}
            for e in sources
        ],
        "licenses": _unique([_license(e) for e in sources]),
        "schema": fields(of),
    }


def _license(entry: dict[str, Any]) -> dict[str, str]:
    stated = entry["licence"]
    name = _LICENSE_NAMES.get(stated)
    return {"name": name, "title": stated} if name else {"path": entry["url"], "title": stated}


def _unique(found: list[dict[str, str]]) -> list[dict[str, str]]:
    return list({json.dumps(one): one for one in found}.values())


def package(described: Mapping[str, Any], resources: list[dict[str, Any]]) -> dict[str, Any]:
    """The content of ``datapackage.json``; ``described`` is that of `archive_words.described`."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"technician-outlook-{described['id']}".lower(),
        "title": f"Technician Outlook, data release {described['release']}",
        "description": "Automation exposure, job market and career paths of technicians, from "
        "public data. README.md says how to read it.",
        "version": described["release"],
        **({"created": f"{described['date']}T00:00:00Z"} if described["date"] else {}),
        "contributors": [{"title": described["author"], "roles": ["author"]}],
        "licenses": _unique([license for one in resources for license in one["licenses"]]),
        "resources": resources,
    }
