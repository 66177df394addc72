from django.urls import path

from trellis.web.gallery import views


app_name = "gallery"
urlpatterns = [path("", views.components, name="components")]
