from django.apps import apps

from lunar.canonical.rows import stored_rows
from lunar.canonical.shapes import FILES, shapes

OURS = {"sources", "parties", "missions", "diplomacy", "canonical", "desk", "search", "lunar"}


def test_every_model_with_a_natural_key_has_a_file():
    with_key = {
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS and hasattr(model, "natural_key")
    }

    assert set(shapes()) == with_key
    assert len(FILES) == len(with_key)


def test_rows_refer_only_to_their_own_file_or_one_above():
    above = set()
    for model, shape in shapes().items():
        above.add(model)
        for field in shape.fields.values():
            if field.is_relation:
                assert field.related_model in above, field


def test_no_part_of_a_key_refers_to_its_own_file():
    for model, shape in shapes().items():
        assert model not in [field.related_model for field in shape.key]


def test_keys_are_those_of_the_models(loaded):
    for model, rows in stored_rows().items():
        assert rows, model
        for key, row in rows.items():
            assert model.objects.get_by_natural_key(*key).pk == row.pk
            assert model.objects.get(pk=row.pk).natural_key() == key


def test_derived_columns_are_not_in_a_fixture():
    names = {name for shape in shapes().values() for name in shape.fields}

    assert not names & {"is_public", "citation_count", "search_text", "holder_country", "status"}
    assert not {name for name in names if name.endswith(("_earliest", "_latest"))}
