"""Public addresses of the desk: the log of changes, and corrections that readers suggest."""

urlpatterns = []
