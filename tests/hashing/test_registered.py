"""Frames, tables and arrays as params: by what is in them when the request is made."""

from __future__ import annotations

import datetime
import decimal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wfnb.errors import ParamError
from wfnb.hashing import register_fingerprint, registered
from wfnb.hashing.equality import is_same
from wfnb.hashing.forms import forget_forms
from wfnb.hashing.keys import has_identity_key, key_function, typed_key


@dataclass(frozen=True)
class Input:
    table: Any


def key(value: object) -> object:
    return key_function(Input)(Input(value))


def same(one: object, other: object) -> bool:
    """Whether two values are the same param, which must agree with being the same product."""
    is_one_key = key(one) == key(other)
    assert not is_one_key or hash(key(one)) == hash(key(other))
    assert is_same(one, other) == is_one_key
    return is_one_key


# ---------------------------------------------------------------- NumPy


@pytest.fixture
def np() -> Any:
    return pytest.importorskip("numpy")


def test_arrays_by_type_shape_and_values(np: Any) -> None:
    base = np.arange(6.0)

    assert same(base, base.copy())
    assert not same(base, np.arange(6))
    assert not same(base, base.astype("f4"))
    assert not same(base, base.astype(">f8"))
    assert not same(base, base.reshape(2, 3))
    assert not same(base.reshape(2, 3), base.reshape(3, 2))
    assert not same(np.zeros(0), np.zeros((0, 1)))
    assert not is_same(base, [*base])
    assert not same(base, base + 1)
    noted = base.astype(np.dtype("f8", metadata={"unit": "kg"}))
    assert not same(base, noted)
    assert same(noted, noted.copy())


def test_arrays_whatever_their_layout(np: Any) -> None:
    """Strides, order, flags and who owns the memory do not count."""
    base = np.arange(24.0).reshape(4, 6)
    locked = base.copy()
    locked.flags.writeable = False

    assert same(base, np.asfortranarray(base))
    assert same(base[::2, 1::3], base[::2, 1::3].copy())
    assert same(base.T, base.T.copy())
    assert same(base[::-1], base[::-1].copy())
    assert same(base, locked)
    assert same(np.broadcast_to(np.float64(3), (4,)), np.full(4, 3.0))


def test_zeros_and_missing_numbers_in_arrays(np: Any) -> None:
    """-0.0 is another value than 0.0; NaN is one value, however it came about."""
    odd = np.array([0x7FF8000000000001, 0xFFF8000000000000], "u8").view("f8")

    assert not same(np.array([0.0]), np.array([-0.0]))
    assert same(np.array([np.nan, np.nan]), odd)
    assert not same(np.array([np.nan, 1.0]), np.array([1.0, np.nan]))
    assert same(np.array([complex(np.nan, 1)]), np.array([complex(odd[1], 1)]))
    assert not same(np.array([0j]), np.array([complex(0.0, -0.0)]))
    assert np.isnan(odd).all()  # the array is left as it was
    assert odd.view("u8")[0] == 0x7FF8000000000001


@pytest.mark.parametrize(
    "text", ["f2", "g", "G", "?", "i1", "u8", "S3", "U3", "M8[s]", "m8[ms]", "c8", ">i4"]
)
def test_arrays_of_every_type(np: Any, text: str) -> None:
    one, other = np.array([1, 2, 3]).astype(text), np.array([1, 2, 4]).astype(text)
    if text == "?":
        other = np.array([True, False, True])

    assert same(one, one.copy())
    assert not same(one, other)
    assert same(np.zeros(40_000, text), np.zeros(40_000, text))


def test_long_floats_without_what_lies_between_them(np: Any) -> None:
    """Of 16 bytes, 6 say nothing."""
    one = np.array([1.5, np.nan, -0.0], "g")
    other = one.copy()
    raw = other.view("u1").reshape(3, -1)
    if raw.shape[1] == 16:
        raw[:, 10:] = 77

    assert same(one, other)
    assert not same(one, np.array([1.5, np.nan, 0.0], "g"))
    assert not same(one[:1], one[:1] + np.finfo("g").eps)


def test_arrays_of_records(np: Any) -> None:
    """By field; what lies between the fields does not count."""
    kind = np.dtype([("a", "i1"), ("b", "f8")], align=True)
    one, other = np.zeros(3, kind), np.zeros(3, kind)
    other.view("u1").reshape(3, -1)[:, 1:8] = 77

    assert same(one, other)
    other["b"][1] = 1
    assert not same(one, other)
    assert not same(one, np.zeros(3, [("a", "i1"), ("c", "f8")]))


def test_arrays_of_objects(np: Any) -> None:
    """By the keys of what they hold; refused for what has none."""
    one = np.array(["a", 1, None, (1, 2)], dtype=object)

    assert same(one, one.copy())
    assert not same(one, np.array(["a", True, None, (1, 2)], dtype=object))
    assert not same(one, np.array(["a", 1.0, None, (1, 2)], dtype=object))
    moment = datetime.datetime(2020, 1, 1)
    assert same(np.array([moment], dtype=object), np.array([moment], dtype=object))
    with pytest.raises(ParamError) as caught:
        key(np.array([[1], None], dtype=object))
    assert str(caught.value) == (
        "Input cannot be a param: Input.table is a ndarray, which has values of type list in it\n"
        "  → keep plain values in it (text, numbers, dates, tuples), or pass what identifies it"
    )


def test_arrays_with_a_mask(np: Any) -> None:
    """What is masked does not count."""
    one = np.ma.array([1.0, 2.0], mask=[False, True])

    assert same(one, np.ma.array([1.0, 9.0], mask=[False, True]))
    assert not same(one, np.ma.array([1.0, 2.0], mask=[False, False]))
    assert not same(one, np.ma.array([3.0, 2.0], mask=[False, True]))


def test_scalars_of_numpy(np: Any) -> None:
    assert same(np.float64(1), np.float64(1))
    assert same(np.float64("nan"), np.float64("nan"))
    assert not same(np.float64(0.0), np.float64(-0.0))
    assert not same(np.float64(1), np.float32(1))
    assert not same(np.float64(1), 1.0)
    assert not same(np.int64(1), np.bool_(True))


def test_subclasses_of_arrays_are_refused(np: Any) -> None:
    """They may carry more than is described."""

    class Tagged(np.ndarray):  # type: ignore[misc] # numpy is Any here
        pass

    with pytest.raises(ParamError, match="register_fingerprint"):
        key(np.arange(3).view(Tagged))


def test_array_changed_after_the_request(np: Any) -> None:
    """The key is that of what was asked for."""
    array = np.arange(3)
    before = key(array)
    array[0] = 7

    assert before == key(np.arange(3))
    assert before != key(array)


# ---------------------------------------------------------------- pandas


@pytest.fixture
def pd() -> Any:
    return pytest.importorskip("pandas")


def frame_of(pd: Any) -> Any:
    return pd.DataFrame(
        {
            "a": [1, 2, 3],
            "b": [0.5, float("nan"), -0.0],
            "c": ["x", None, "z"],
            "d": pd.to_datetime(["2020-01-01", None, "2020-01-03"]),
            "e": pd.Categorical(["u", "v", "u"]),
            "f": pd.array([1, None, 3], dtype="Int64"),
            "g": pd.to_datetime(["2020-01-01"] * 3).tz_localize("Europe/Paris"),
            "h": pd.array([True, None, False], dtype="boolean"),
            "i": pd.period_range("2020-01", periods=3, freq="M"),
            "j": pd.interval_range(0, 3),
        },
        index=["p", "q", "r"],
    )


FRAME_EDITS: dict[str, Callable[[Any, Any], Any]] = {
    "value": lambda pd, f: f.assign(a=[1, 2, 4]),
    "type": lambda pd, f: f.assign(a=f["a"].astype("int32")),
    "zero": lambda pd, f: f.assign(b=[0.5, float("nan"), 0.0]),
    "place of the missing": lambda pd, f: f.assign(b=[float("nan"), 0.5, -0.0]),
    "text": lambda pd, f: f.assign(c=["x", None, "y"]),
    "missing text": lambda pd, f: f.assign(c=["x", "", "z"]),
    "date": lambda pd, f: f.assign(d=pd.to_datetime(["2020-01-02", None, "2020-01-03"])),
    "category": lambda pd, f: f.assign(e=pd.Categorical(["u", "v", "v"])),
    "categories": lambda pd, f: f.assign(e=pd.Categorical(["u", "v", "u"], ["u", "v", "w"])),
    "order": lambda pd, f: f.assign(e=pd.Categorical(["u", "v", "u"], ordered=True)),
    "masked": lambda pd, f: f.assign(f=pd.array([1, 2, 3], dtype="Int64")),
    "zone": lambda pd, f: f.assign(g=f["g"].dt.tz_convert("UTC")),
    "masked zero": lambda pd, f: f.assign(f=pd.array([1, 0, 3], dtype="Int64")),
    "boolean": lambda pd, f: f.assign(h=pd.array([True, None, True], dtype="boolean")),
    "period": lambda pd, f: f.assign(i=pd.period_range("2021-01", periods=3, freq="M")),
    "interval": lambda pd, f: f.assign(j=pd.interval_range(0, 3, closed="left")),
    "column name": lambda pd, f: f.rename(columns={"a": "A"}),
    "column order": lambda pd, f: f[list(reversed(f.columns))],
    "column gone": lambda pd, f: f.drop(columns="a"),
    "row gone": lambda pd, f: f.iloc[:2],
    "label": lambda pd, f: f.rename(index={"p": "P"}),
    "index name": lambda pd, f: f.rename_axis("name"),
    "index": lambda pd, f: f.reset_index(drop=True),
    "columns name": lambda pd, f: f.rename_axis("name", axis=1),
}


@pytest.mark.parametrize("edit", FRAME_EDITS.values(), ids=FRAME_EDITS)
def test_frames_by_everything_in_them(pd: Any, edit: Callable[[Any, Any], Any]) -> None:
    one = frame_of(pd)

    assert same(one, frame_of(pd))
    assert same(one, one.copy())
    assert not same(one, edit(pd, one))


def test_frames_whatever_their_layout(pd: Any) -> None:
    """Blocks, slices and what lies beneath a missing value do not count."""
    np = pytest.importorskip("numpy")
    data = np.arange(20.0).reshape(5, 4)
    one = pd.DataFrame(data, columns=list("abcd"))
    apart = pd.DataFrame({name: one[name].to_numpy().copy() for name in "abcd"})

    assert same(one, apart)
    assert same(one.iloc[::2], apart.iloc[::2].copy())
    first, second = pd.array([1, 2], dtype="Int64"), pd.array([1, 7], dtype="Int64")
    first[1] = second[1] = pd.NA
    assert same(pd.Series(first), pd.Series(second))


def test_frames_with_attrs(pd: Any) -> None:
    one, other = frame_of(pd), frame_of(pd)
    one.attrs["unit"] = other.attrs["unit"] = "m"

    assert same(one, other)
    other.attrs["unit"] = "km"
    assert not same(one, other)


def test_series_and_indexes(pd: Any) -> None:
    series = pd.Series([1, 2], name="a")

    assert same(series, series.copy())
    assert not same(series, series.rename("b"))
    assert not same(series, series.to_frame())
    assert not same(series, pd.Series([1, 2], index=[1, 2], name="a"))
    days = pd.date_range("2020-01-01", periods=3)
    assert same(days, pd.date_range("2020-01-01", periods=3))
    assert not same(days, pd.DatetimeIndex(days, freq=None))  # it cannot be shifted
    assert same(pd.RangeIndex(3), pd.RangeIndex(3))
    assert not same(pd.RangeIndex(3), pd.RangeIndex(4))
    assert same(pd.Index(["a", "b"]), pd.Index(["a", "b"]))
    assert not same(pd.Index(["a", "b"]), pd.Index(["a", "c"]))
    pairs = [(1, "a"), (2, "b"), (2, "c")]
    multi = pd.MultiIndex.from_tuples(pairs, names=["x", "y"])
    assert same(multi, pd.MultiIndex.from_tuples(pairs, names=["x", "y"]))
    assert same(multi[:2], pd.MultiIndex.from_tuples(pairs[:2], names=["x", "y"]))
    assert not same(multi, pd.MultiIndex.from_tuples(pairs, names=["x", "z"]))
    assert not same(pd.Index([1, True], dtype=object), pd.Index([1, 1], dtype=object))


def test_points_in_time(pd: Any) -> None:
    """The same instant in another zone is another value."""
    one = pd.Timestamp("2020-01-01 12:00", tz="UTC")

    assert same(one, pd.Timestamp("2020-01-01 12:00", tz="UTC"))
    assert not same(one, one.tz_convert("Europe/Paris"))
    column = pd.Series([one, "x"], dtype=object)
    assert not same(column, pd.Series([one.tz_convert("Europe/Paris"), "x"], dtype=object))
    assert not same(pd.Timedelta(1, "s"), pd.Timedelta(2, "s"))


def test_columns_of_objects(pd: Any) -> None:
    """By the keys of their values; one that is refused is named."""
    decimals = pd.DataFrame({"a": [decimal.Decimal("1.50"), decimal.Decimal("2")]}, dtype=object)

    assert same(decimals, decimals.copy())
    shorter = pd.DataFrame({"a": [decimal.Decimal("1.5"), decimal.Decimal("2")]}, dtype=object)
    assert not same(decimals, shorter)
    with pytest.raises(ParamError) as caught:
        key(pd.DataFrame({"a": [1, 2], "tags": [["x"], ["y"]]}))
    assert str(caught.value) == (
        "Input cannot be a param: Input.table is a DataFrame, which has a column 'tags' with "
        "values of type list\n"
        "  → keep plain values in the column (text, numbers, dates, tuples), or leave it out"
    )


def test_columns_of_arrow(pd: Any) -> None:
    pa = pytest.importorskip("pyarrow")
    kind = pd.ArrowDtype(pa.int64())

    assert same(pd.Series([1, None], dtype=kind), pd.Series([1, None], dtype=kind))
    assert not same(pd.Series([1, None], dtype=kind), pd.Series([1, 2], dtype=kind))
    assert not same(pd.Series([1, 2], dtype=kind), pd.Series([1, 2]))
    text = pd.Series(["a", None], dtype="string[pyarrow]")
    assert same(text, text.copy())
    assert not same(text, pd.Series(["a", "b"], dtype="string[pyarrow]"))


def test_frame_changed_after_the_request(pd: Any) -> None:
    frame = frame_of(pd)
    before = key(frame)
    frame.loc["p", "a"] = 7

    assert before == key(frame_of(pd))
    assert before != key(frame)


def test_subclasses_of_frames_are_refused(pd: Any) -> None:
    class Tagged(pd.DataFrame):  # type: ignore[misc] # pandas is Any here
        pass

    with pytest.raises(ParamError) as caught:
        key(Tagged({"a": [1]}))
    assert str(caught.value) == (
        "Input cannot be a param: Input.table is a Tagged, which has no hash\n"
        "  → pass what identifies it instead (a name, a path), or say what its content is: "
        "register_fingerprint(Tagged, a function)"
    )


# ---------------------------------------------------------------- Polars


@pytest.fixture
def pl() -> Any:
    return pytest.importorskip("polars")


def polars_of(pl: Any) -> Any:
    return pl.DataFrame(
        {
            "a": [1, None, 3],
            "b": [0.5, float("nan"), -0.0],
            "c": ["x", None, "z"],
            "d": [datetime.date(2020, 1, 1), None, datetime.date(2020, 1, 3)],
            "e": [[1], [2, 3], None],
            "f": [{"k": 1}, {"k": 2}, {"k": 3}],
            "g": [True, None, False],
            "h": [decimal.Decimal("1.5"), None, decimal.Decimal("2.5")],
        }
    ).with_columns(pl.Series("i", ["u", "v", "u"], dtype=pl.Enum(["u", "v"])))


POLARS_EDITS: dict[str, Callable[[Any, Any], Any]] = {
    "value": lambda pl, f: f.with_columns(a=pl.Series([1, None, 4])),
    "null": lambda pl, f: f.with_columns(a=pl.Series([1, 0, 3])),
    "type": lambda pl, f: f.with_columns(pl.col("a").cast(pl.Int32)),
    "zero": lambda pl, f: f.with_columns(b=pl.Series([0.5, float("nan"), 0.0])),
    "nan to null": lambda pl, f: f.with_columns(b=pl.Series([0.5, None, -0.0])),
    "text": lambda pl, f: f.with_columns(c=pl.Series(["x", "", "z"])),
    "date": lambda pl, f: f.with_columns(d=pl.col("d").dt.offset_by("1d")),
    "list": lambda pl, f: f.with_columns(e=pl.Series([[1, 2], [3], None])),
    "struct": lambda pl, f: f.with_columns(f=pl.Series([{"k": 1}, {"k": 2}, {"k": 4}])),
    "boolean": lambda pl, f: f.with_columns(g=pl.Series([True, True, False])),
    "decimal": lambda pl, f: f.with_columns(h=pl.col("h") + 1),
    "enum": lambda pl, f: f.with_columns(
        pl.Series("i", ["u", "v", "u"], dtype=pl.Enum(["u", "v", "w"]))
    ),
    "name": lambda pl, f: f.rename({"a": "A"}),
    "row gone": lambda pl, f: f.head(2),
    "column gone": lambda pl, f: f.drop("a"),
}


@pytest.mark.parametrize("edit", POLARS_EDITS.values(), ids=POLARS_EDITS)
def test_polars_frames_by_everything_in_them(pl: Any, edit: Callable[[Any, Any], Any]) -> None:
    one = polars_of(pl)

    assert same(one, polars_of(pl))
    assert not same(one, edit(pl, one))


def test_polars_tells_a_null_from_a_zero(pl: Any) -> None:
    assert not same(pl.Series([0, None, 1]), pl.Series([None, 0, 1]))


def test_polars_whatever_the_chunks(pl: Any) -> None:
    one = polars_of(pl)

    assert same(one, pl.concat([one.head(1), one.tail(2)], rechunk=False))
    assert same(one["a"], pl.concat([one["a"].head(1), one["a"].tail(2)], rechunk=False))
    assert not same(one["a"], one["a"].alias("b"))
    assert not same(one["a"], one.select("a"))


# ---------------------------------------------------------------- Arrow


@pytest.fixture
def pa() -> Any:
    return pytest.importorskip("pyarrow")


def arrow_of(pa: Any) -> Any:
    return pa.table(
        {
            "a": pa.array([1, None, 3]),
            "b": pa.array([0.5, float("nan"), -0.0]),
            "c": ["x", None, "z"],
            "d": pa.array([0, None, 2], pa.timestamp("ns", "UTC")),
            "e": [[1], [2, 3], None],
            "f": pa.array(["u", "v", "u"]).dictionary_encode(),
            "g": [True, None, False],
            "h": pa.array([0, None, 2], pa.date32()),
            "i": pa.array([b"a", None, b"c"]),
        }
    )


ARROW_EDITS: dict[str, Callable[[Any], Any]] = {
    "a": lambda pa: pa.array([1, 0, 3]),
    "b": lambda pa: pa.array([0.5, float("nan"), 0.0]),
    "c": lambda pa: pa.array(["x", "", "z"]),
    "d": lambda pa: pa.array([0, None, 2], pa.timestamp("us", "UTC")),
    "e": lambda pa: pa.array([[1, 2], [3], None]),
    "f": lambda pa: pa.array(["u", "v", "v"]).dictionary_encode(),
    "g": lambda pa: pa.array([True, False, False]),
    "h": lambda pa: pa.array([0, None, 3], pa.date32()),
    "i": lambda pa: pa.array([b"a", b"", b"c"]),
}


@pytest.mark.parametrize("column", ARROW_EDITS)
def test_arrow_tables_by_everything_in_them(pa: Any, column: str) -> None:
    one = arrow_of(pa)
    number = one.column_names.index(column)
    edited = one.set_column(number, column, ARROW_EDITS[column](pa))

    assert same(one, arrow_of(pa))
    assert not same(one, edited)
    assert same(one.column(number), arrow_of(pa).column(number))
    assert not same(one.column(number), edited.column(number))
    whole = one.combine_chunks().column(number).chunk(0)
    assert same(whole, arrow_of(pa).combine_chunks().column(number).chunk(0))
    assert not same(whole, edited.combine_chunks().column(number).chunk(0))


def test_arrow_tells_a_null_from_a_zero(pa: Any) -> None:
    assert not same(pa.array([0, None, 1]), pa.array([None, 0, 1]))
    assert not same(pa.array([False, None]), pa.array([None, False]))


def test_arrow_whatever_the_chunks_and_offsets(pa: Any) -> None:
    one = arrow_of(pa)

    assert same(one, pa.concat_tables([one.slice(0, 1), one.slice(1)]))
    assert same(one.slice(1), pa.concat_tables([one.slice(1, 1), one.slice(2)]))
    assert same(pa.array([1, 2, 3]).slice(1), pa.array([2, 3]))
    assert same(pa.array([True] * 9 + [False]).slice(9), pa.array([False]))
    assert not same(one, one.replace_schema_metadata({"unit": "m"}))
    assert not same(one, one.rename_columns(["A", *one.column_names[1:]]))
    batch = one.combine_chunks().to_batches()[0]
    assert same(batch, arrow_of(pa).combine_chunks().to_batches()[0])
    assert not same(batch, one)
    assert same(pa.chunked_array([], pa.int64()), pa.chunked_array([[]], pa.int64()))


# ---------------------------------------------------------------- one's own


class Tree:
    """Of the author's, with an equality that says too little."""

    def __init__(self, *leaves: object) -> None:
        self.leaves = [*leaves]

    def __eq__(self, other: object) -> bool:
        return True


@pytest.fixture
def _tables() -> Iterator[None]:
    yield
    registered._by_name.clear()
    forget_forms()


@pytest.mark.usefixtures("_tables")
def test_registered_class() -> None:
    """It is a param from then on, and compared by the same function."""
    with pytest.raises(ParamError):
        key(Tree(1))
    register_fingerprint(Tree, lambda tree: tuple(tree.leaves))

    assert same(Tree(1, 2), Tree(1, 2))
    assert not same(Tree(1, 2), Tree(1, 3))
    assert not same(Tree(1), Tree(True))
    assert key_function(Tree)(Tree(1)) == key_function(Tree)(Tree(1))
    assert not has_identity_key(Tree)
    tree = Tree(1)
    before = key(tree)
    tree.leaves.append(2)
    assert before == key(Tree(1))
    assert before != key(tree)


@pytest.mark.usefixtures("_tables")
def test_registered_by_name_before_it_is_imported() -> None:
    register_fingerprint(f"{__name__}.Tree", lambda tree: tuple(tree.leaves))

    assert same(Tree(1), Tree(1))
    assert not same(Tree(1), Tree(2))


@pytest.mark.usefixtures("_tables")
def test_registered_function_that_fails() -> None:
    register_fingerprint(Tree, lambda tree: tree.roots)

    with pytest.raises(ParamError) as caught:
        key(Tree(1))
    assert str(caught.value) == (
        "Input cannot be a param: Input.table is a Tree, which has no fingerprint: "
        "AttributeError: 'Tree' object has no attribute 'roots'\n"
        "  → mend the function that was given to register_fingerprint"
    )
    assert not is_same(Tree(1), Tree(1))


@pytest.mark.usefixtures("_tables")
def test_registered_function_that_returns_no_key() -> None:
    register_fingerprint(Tree, lambda tree: tree.leaves)

    with pytest.raises(ParamError) as caught:
        typed_key(Tree(1))
    assert str(caught.value) == (
        "Tree cannot be a param: it has a fingerprint that can change or has no hash\n"
        "  → return bytes, text or a tuple of such from the registered function"
    )


@pytest.mark.slow
def test_nothing_is_imported_that_the_values_do_not_need() -> None:
    code = (
        "import sys\nfrom wfnb.hashing.keys import typed_key\nfrom wfnb.hashing.equality import "
        "is_same\ntyped_key((1, 'a', 2.0, b'c'))\nis_same([1], [2])\n"
        "print([m for m in ('numpy', 'pandas', 'polars', 'pyarrow') if m in sys.modules])\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout == "[]\n"
