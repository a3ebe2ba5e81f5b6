"""Public addresses of the desk: the log of changes, and corrections that readers suggest."""

from django.urls import path

from lunar.desk import changes, feeds
from lunar.desk.suggestions import views as suggestions

urlpatterns = [
    path("changes/", changes.ChangeLogView.as_view(), name="changes"),
    path("changes.atom", feeds.all_changes, name="changes-feed"),
    path("feeds/new.atom", feeds.new_records, name="new-records-feed"),
    path(
        "changes/<slug:model_name>/<slug:key>/",
        changes.RecordHistoryView.as_view(),
        name="record-history",
    ),
    path(
        "changes/<slug:model_name>/<slug:key>.atom",
        feeds.changes_of_record,
        name="record-history-feed",
    ),
    path("suggest/", suggestions.suggest, name="suggest"),
    path("suggest/<str:token>/", suggestions.suggestion, name="suggestion"),
]
