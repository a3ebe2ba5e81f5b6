"""Pages and files under /data/."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified
from django.views.generic import TemplateView

from lunar.canonical.shapes import shapes
from lunar.data import exports
from lunar.data.about import DESCRIPTION, LICENCE, citation, current_stamp
from lunar.data.builds import BusyError, current_build
from lunar.data.database import QUERY
from lunar.data.records import public_rows
from lunar.data.releases import releases
from lunar.data.tables import kinds, tables
from lunar.data.twins import NAMES

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "sha256": "text/plain; charset=utf-8",
    "sqlite": "application/vnd.sqlite3",
    "zip": "application/zip",
}
BLOCK = 1 << 16


class DataView(TemplateView):
    """What there is to take away, how to read it, under which licence, how to cite it."""

    template_name = "data/data.html"
    page_parameters = ()

    def get_context_data(self, **kwargs):
        stamp = current_stamp()
        found = sorted(kinds(), key=lambda model: shapes()[model].name)
        names = {shapes()[model].name for model in found}
        return super().get_context_data(
            stamp=stamp,
            kinds=[
                {"table": tables()[shapes()[model].name], "count": public_rows(model).count()}
                for model in found
            ],
            parts=[table for name, table in tables().items() if name not in names],
            tables=tables().values(),
            licence=LICENCE,
            description=DESCRIPTION,
            cite=citation(stamp),
            query=QUERY,
            formats=NAMES.values(),
            releases=releases(),
            **kwargs,
        )


class ReleaseView(TemplateView):
    """One release: its file, its checksum, and what was changed since the one before."""

    template_name = "data/release.html"
    page_parameters = ()

    def get_context_data(self, version, **kwargs):
        release = _release(version)
        return super().get_context_data(release=release, changes=release.changes(), **kwargs)


def export_file(request, name):
    """Answer with a file of the whole record as it is now."""
    if name not in served():
        raise Http404
    try:
        directory, stamp = current_build()
    except BusyError as error:
        words = {"content_type": "text/plain; charset=utf-8", "headers": {"Retry-After": "60"}}
        return HttpResponse(f"{error}\n", status=503, **words)
    etag = f'"{directory.name}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    start, _, ending = name.partition(".")
    day = f"-{stamp.day}" if stamp.day else ""
    saved_as = f"{start}{day}.{ending}" if name.startswith("lunar-record") else name
    return _answer(directory / served()[name], saved_as, ETag=etag)


def release_file(request, version):
    """Answer with the zip of a release."""
    release = _release(version)
    return _answer(release.path, release.file, ETag=f'"{release.sha256}"')


def served():
    """Return {name in the address: path within a build} of the files that there are."""
    names = {shapes()[model].name for model in kinds()}
    found = {f"{name}.csv": f"csv/{name}.csv" for name in tables()}
    found |= {f"{name}.json": f"json/{name}.json" for name in names}
    alone = ["README.md", "datapackage.json", "data-dictionary.csv", "SHA256SUMS"]
    alone += [exports.DATABASE, exports.ZIP, f"{exports.ZIP}.sha256"]
    return found | {name: name for name in alone}


def _release(version):
    found = next((release for release in releases() if release.version == version), None)
    if found is None:
        raise Http404
    return found


def _answer(path, name, **headers):
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = TYPES.get(name.rpartition(".")[2], "text/plain; charset=utf-8")
    response = FileResponse(file, content_type=kind, filename=name, as_attachment=True)
    response.block_size = BLOCK
    for header, value in headers.items():
        response[header] = value
    return response
