// The URLconfs that Django brings, pattern by pattern, in order.
// Source: django/contrib/auth/urls.py, django/conf/urls/i18n.py, 3.2.
const VIEWS = "django.contrib.auth.views.";

export type StockUrl = readonly [route: string, view: string, name: string];

export const STOCK_URLS: ReadonlyMap<string, readonly StockUrl[]> = new Map([
  [
    "django.contrib.auth.urls",
    [
      ["login/", `${VIEWS}LoginView`, "login"],
      ["logout/", `${VIEWS}LogoutView`, "logout"],
      ["password_change/", `${VIEWS}PasswordChangeView`, "password_change"],
      ["password_change/done/", `${VIEWS}PasswordChangeDoneView`, "password_change_done"],
      ["password_reset/", `${VIEWS}PasswordResetView`, "password_reset"],
      ["password_reset/done/", `${VIEWS}PasswordResetDoneView`, "password_reset_done"],
      ["reset/<uidb64>/<token>/", `${VIEWS}PasswordResetConfirmView`, "password_reset_confirm"],
      ["reset/done/", `${VIEWS}PasswordResetCompleteView`, "password_reset_complete"],
    ],
  ],
  ["django.conf.urls.i18n", [["setlang/", "django.views.i18n.set_language", "set_language"]]],
]);
