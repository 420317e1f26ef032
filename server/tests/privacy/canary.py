"""A word planted wherever somebody can leave one, and the search for it everywhere."""

from pathlib import Path

from tests.fixtures.house import House


def in_tables(house: House, word: str) -> list[str]:
    """Name the tables that hold a word in any column of any row, as text or as bytes."""
    tables = house.rows(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind IN ('r', 'm') AND nspname = 'public'"
    )
    wanted = (f"%{word}%", f"%{word.encode().hex()}%")
    query = "SELECT 1 FROM {} t WHERE t::text LIKE %s OR t::text LIKE %s LIMIT 1"
    return [str(table) for (table,) in tables if house.rows(query.format(table), *wanted)]


def in_files(folder: Path, word: str) -> list[str]:
    """Name the files below a folder that hold a word; PostgreSQL's own are asked by `in_tables`."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
        and "postgres" not in path.relative_to(folder).parts
        and word.encode() in path.read_bytes()
    ]
