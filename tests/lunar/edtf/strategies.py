"""Hypothesis strategies for every text the EDTF grammar accepts."""

from calendar import monthrange

from hypothesis import strategies as st

from lunar.edtf import EdtfDate

years = st.integers(1, 9999)
qualifiers = st.sampled_from(["", "?", "~", "%"])


@st.composite
def days(draw):
    year, month = draw(years), draw(st.integers(1, 12))
    return f"{year:04}-{month:02}-{draw(st.integers(1, monthrange(year, month)[1])):02}"


def bare_points():
    return st.one_of(
        years.map("{:04}".format),
        st.builds("{:04}-{:02}".format, years, st.integers(1, 12)),
        days(),
        st.integers(1, 999).map("{:03}X".format),
        st.integers(1, 99).map("{:02}XX".format),
        st.builds("{:04}-{}".format, st.integers(1, 9998), st.integers(21, 24)),
    )


points = st.builds(str.__add__, bare_points(), qualifiers)


def in_order(texts):
    return "/".join(sorted(texts, key=lambda text: EdtfDate(text).sort_key))


edtf_texts = st.one_of(
    points,
    st.tuples(points, points).map(in_order),
    points.map("../{}".format),
    points.map("{}/..".format),
)
edtf_dates = edtf_texts.map(EdtfDate)
