"""Django's generic classes with their parameters, which exist for the type checker alone."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core import paginator

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
    ModelChoiceField = forms.ModelChoiceField[Any]
    Paginator = paginator.Paginator[Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline
    ModelForm = forms.ModelForm
    ModelChoiceField = forms.ModelChoiceField
    Paginator = paginator.Paginator

__all__ = ["ModelAdmin", "ModelChoiceField", "ModelForm", "Paginator", "TabularInline"]
