// The patterns of django.contrib.auth.urls, in order. Source: django/contrib/auth/urls.py, 3.2.
const VIEWS = "django.contrib.auth.views.";

export const AUTH_URLS: readonly (readonly [route: string, view: string, name: string])[] = [
  ["login/", `${VIEWS}LoginView`, "login"],
  ["logout/", `${VIEWS}LogoutView`, "logout"],
  ["password_change/", `${VIEWS}PasswordChangeView`, "password_change"],
  ["password_change/done/", `${VIEWS}PasswordChangeDoneView`, "password_change_done"],
  ["password_reset/", `${VIEWS}PasswordResetView`, "password_reset"],
  ["password_reset/done/", `${VIEWS}PasswordResetDoneView`, "password_reset_done"],
  ["reset/<uidb64>/<token>/", `${VIEWS}PasswordResetConfirmView`, "password_reset_confirm"],
  ["reset/done/", `${VIEWS}PasswordResetCompleteView`, "password_reset_complete"],
];
