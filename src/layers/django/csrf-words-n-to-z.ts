// What Django says of a failed CSRF check in its translated languages, N to Z.
// Source: django/conf/locale/*/LC_MESSAGES/django.po, 3.2.25, by its translators (Django Software Foundation
// and individual contributors, BSD 3-Clause). A message that a language lacks is not in its entry.
import type { Translation } from "./csrf-page.ts";

export const CSRF_WORDS_N_TO_Z: Readonly<Record<string, Translation>> = {
  nb: {
    title: "Forbudt",
    main: "CSRF-verifisering feilet. Forespørsel avbrutt.",
    noReferer1:
      "Du ser denne meldingen fordi dette HTTPS-nettstedet krever en 'Referer'-header for å bli sendt av nettleseren, men ingen ble sendt. Denne headeren er nødvendig av sikkerhetsmessige årsaker, for å sikre at nettleseren din ikke blir kapret av tredjeparter.",
    noReferer2:
      "Hvis du har konfigurert nettleseren din til å deaktivere 'Referer'-headers, kan du aktivere dem, i hvert fall for dette nettstedet, eller for HTTPS-tilkoblinger, eller for 'same-origin'-forespørsler.",
    noReferer3:
      'Hvis du bruker <meta name="referrer" content="no-referrer">-taggen eller inkluderer \'Referrer-Policy: no-referrer\'-header, vennligst fjern dem. CSRF-beskyttelsen krever \'Referer\'-headeren for å utføre streng kontroll av referanser. Hvis du er bekymret for personvern, bruk alternativer som <a rel="noreferrer" …>for koblinger til tredjeparts nettsteder.',
    noCookie1:
      "Du ser denne meldingen fordi denne nettsiden krever en CSRF-cookie når du sender inn skjemaer. Denne informasjonskapselen er nødvendig av sikkerhetsmessige årsaker, for å sikre at nettleseren din ikke blir kapret av tredjeparter.",
    noCookie2:
      "Hvis du har konfigurert nettleseren din til å deaktivere informasjonskapsler, kan du aktivere dem, i hvert fall for dette nettstedet, eller for 'same-origin'-forespørsler.",
    more: "Mer informasjon er tilgjengelig med DEBUG=True.",
  },
  ne: {
    title: "निषेधित",
    main: "CSRF प्रमाणीकरण भएन । अनुरोध विफल ।",
    more: "DEBUG=True ले ज्यादा सुचना प्रदान गर्दछ ।",
  },
  nl: {
    title: "Verboden",
    main: "CSRF-verificatie mislukt. Aanvraag afgebroken.",
    noReferer1:
      "U ziet deze melding, omdat deze HTTPS-website vereist dat uw webbrowser een ‘Referer header’ meestuurt, maar deze ontbreekt. Deze header is om veiligheidsredenen vereist om er zeker van te zijn dat uw browser niet door derden wordt gekaapt.",
    noReferer2:
      "Als u ‘Referer’-headers in uw browser hebt uitgeschakeld, schakel deze dan weer in, op zijn minst voor deze website, of voor HTTPS-verbindingen, of voor ‘same-origin’-aanvragen.",
    noReferer3:
      'Als u de tag <meta name="referrer" content="no-referrer"> gebruikt of de header ‘Referrer-Policy: no-referrer’ opneemt, verwijder deze dan. De CSRF-bescherming vereist de ‘Referer’-header voor strenge referer-controle. Als u bezorgd bent om privacy, gebruik dan alternatieven zoals <a rel="noreferrer" …> voor koppelingen naar websites van derden.',
    noCookie1:
      "U ziet deze melding, omdat deze website vereist dat een CSRF-cookie wordt meegestuurd bij het verzenden van formulieren. Dit cookie is om veiligheidsredenen vereist om er zeker van te zijn dat uw browser niet door derden wordt gekaapt.",
    noCookie2:
      "Als u cookies in uw webbrowser hebt uitgeschakeld, schakel deze dan weer in, op zijn minst voor deze website, of voor ‘same-origin’-aanvragen.",
    more: "Meer informatie is beschikbaar met DEBUG=True.",
  },
  pl: {
    title: "Dostęp zabroniony",
    main: "Weryfikacja CSRF nie powiodła się. Żądanie zostało przerwane.",
    noReferer1:
      "Widzisz tę wiadomość, ponieważ ta witryna HTTPS wymaga, aby przeglądarka wysłała nagłówek „Referer header”, a żaden nie został wysłany. Nagłówek ten jest wymagany ze względów bezpieczeństwa, aby upewnić się, że Twoja przeglądarka nie została przechwycona przez osoby trzecie.",
    noReferer2:
      "Jeżeli nagłówki „Referer” w Twojej przeglądarce są wyłączone, to proszę włącz je ponownie. Przynajmniej dla tej strony, połączeń HTTPS lub zapytań typu „same-origin”.",
    noReferer3:
      'Jeśli używasz taga <meta name="referrer" content="no-referrer"> lub umieszczasz nagłówek „Referrer-Policy: no-referrer”, prosimy je usunąć. Ochrona przed atakami CSRF wymaga nagłówka „Referer”, aby wykonać ścisłe sprawdzenie referera HTTP. Jeśli zależy ci na prywatności, użyj alternatyw takich jak <a rel="noreferrer" …> dla linków do stron osób trzecich.',
    noCookie1:
      "Widzisz tą wiadomość, ponieważ ta witryna wymaga ciasteczka CSRF do przesyłania formularza. Ciasteczko to jest wymagane ze względów bezpieczeństwa, aby upewnić się, że Twoja przeglądarka nie została przechwycona przez osoby trzecie.",
    noCookie2:
      "Jeżeli ciasteczka w Twojej przeglądarce są wyłączone, to proszę włącz je ponownie. Przynajmniej dla tej strony lub żądań typu „same-origin”.",
    more: "Więcej informacji jest dostępnych po ustawieniu DEBUG=True.",
  },
  pt: {
    title: "Proibido",
    main: "A verificação de CSRF falhou. Pedido abortado.",
    noCookie1:
      'Está a ver esta mensagem porque este site requer um cookie CSRF quando submete formulários. Este cookie é requirido por razões de segurança, para garantir que o seu browser não está a ser "raptado" por terceiros.',
    more: "Está disponível mais informação com DEBUG=True.",
  },
  "pt-br": {
    title: "Proibido",
    main: "Verificação CSRF falhou. Pedido cancelado.",
    noReferer1:
      "Você está vendo esta mensagem porque este site HTTPS requer que um “Referer header” seja enviado pelo seu Web browser, mas nenhum foi enviado. Este cabeçalho é requierido por razões de segurança, para assegurar que seu browser não foi sequestrado por terceiros.",
    noReferer2:
      "Se você configurou seu browser para desabilitar os cabeçalhos “Referer”, por favor reabilite-os, ao menos para este site, ou para conexões HTTPS, ou para requisições “same-origin”.",
    noReferer3:
      'Se estiver usando a tag <meta name="referrer" content="no-referrer"> ou incluindo o cabeçalho “Referrer-Policy: no-referrer”, por favor remova-os. A proteção CSRF requer o cabeçalho “Referer” para fazer a checagem de referência. Se estiver preocupado com privacidade, use alternativas como <a rel="noreferrer" …> para links de sites de terceiros.',
    noCookie1:
      "Você está vendo esta mensagem, porque este site requer um cookie CSRF no envio de formulários. Este cookie é necessário por razões de segurança, para garantir que o seu browser não está sendo sequestrado por terceiros.",
    noCookie2:
      'Se você configurou seu browser para desabilitar cookies, por favor reabilite-os, ao menos para este site ou para requisições do tipo "same-origin".',
    more: "Mais informações estão disponíveis com DEBUG=True.",
  },
  ro: {
    title: "Interzis",
    main: "Verificarea CSRF nereușită. Cerere eșuată.",
    noCookie1:
      "Vedeți acest mesaj deoarece această pagină web necesită un cookie CSRF la trimiterea formularelor. Acest cookie este necesar din motive de securitate, pentru a se asigura că browserul nu este deturnat de terți.",
    more: "Mai multe informații sunt disponibile pentru DEBUG=True.",
  },
  ru: {
    title: "Ошибка доступа",
    main: "Ошибка проверки CSRF. Запрос отклонён.",
    noReferer1:
      "Вы видите это сообщение, потому что данный сайт использует защищённое соединение и требует, чтобы заголовок “Referer” был передан вашим браузером, но он не был им передан. Данный заголовок необходим по соображениям безопасности, чтобы убедиться, что ваш браузер не был взломан, а запрос к серверу не был перехвачен или подменён.",
    noReferer2:
      "Если вы настроили свой браузер таким образом, чтобы запретить ему передавать заголовок “Referer”, пожалуйста, разрешите ему отсылать данный заголовок по крайней мере для данного сайта, или для всех HTTPS-соединений, или для запросов, домен и порт назначения совпадают с доменом и портом текущей страницы.",
    noReferer3:
      'Если Вы используете HTML-тэг <meta name="referrer" content="no-referrer"> или добавили HTTP-заголовок “Referrer-Policy: no-referrer”, пожалуйста удалите их. CSRF защите необходим заголовок “Referer” для строгой проверки адреса ссылающейся страницы. Если Вы беспокоитесь о приватности, используйте альтернативы, например <a rel="noreferrer" …>, для ссылок на сайты третьих лиц.',
    noCookie1:
      "Вы видите это сообщение, потому что данный сайт требует, чтобы при отправке форм была отправлена и CSRF-cookie. Данный тип cookie необходим по соображениям безопасности, чтобы убедиться, что ваш браузер не был взломан и не выполняет от вашего лица действий, запрограммированных третьими лицами.",
    noCookie2:
      'Если в вашем браузере отключены cookie, пожалуйста, включите эту функцию вновь, по крайней мере для этого сайта, или для "same-orign" запросов.',
    more: "В отладочном режиме доступно больше информации.  Включить отладочный режим можно, установив значение переменной DEBUG=True.",
  },
  sk: {
    title: "Zakázané (Forbidden)",
    main: "CSRF verifikázia zlyhala. Požiadavka bola prerušená.",
    noCookie1:
      'Túto správu vidíte, pretože táto lokalita vyžaduje CSRF cookie pri odosielaní formulárov. Toto cookie je potrebné na zabezpečenie toho, že váš prehliadač nie je zneužitý - "hijack".',
    more: "Viac informácií bude dostupných s DEBUG=True.",
  },
  sl: {
    title: "Prepovedano",
    main: "CSRF preverjanje ni uspelo. Zahtevek preklican.",
    noCookie1:
      "To obvestilo vidite, ker ta spletna stran zahteva CSRF piškotek, ko pošiljate obrazce. Piškotek je potreben zaradi varnosti, da se zagotovi, da ste zahtevek res naredili vi.",
    more: "Več informacij je na voljo, če nastavite DEBUG=True.",
  },
  sq: {
    title: "E ndaluar",
    main: "Verifikimi CSRF dështoi. Kërkesa u ndërpre.",
    noReferer1:
      "Këtë mesazh po e shihni ngaqë ky sajt HTTPS e ka të domosdoshme dërgimin e “Referer header” te shfletuesi juaj, por s’u dërgua ndonjë i tillë. Kjo krye është e domosdoshme për arsye sigurie, për të bërë të mundur që shfletuesi juaj të mos komprometohet nga palë të treta.",
    noReferer2:
      "Nëse e keni formësuar shfletuesin tuaj të çaktivizojë kryet “Referer”, ju lutemi, riaktivizojini, ose për lidhje HTTPS, ose për kërkesa “same-origin”.",
    noReferer3:
      'Nëse përdorni etiketën <meta name="referrer" content="no-referrer"> etiketën ose përfshini kryet “Referrer-Policy: no-referrer”, ju lutemi, hiqini. Mbrojtja CSRF lyp që kryet “Referer” të kryejnë kontroll strikt referuesi. Nëse shqetësoheni për privatësinë, për lidhje te sajte palësh të treta përdorni alternativa si <a rel="noreferrer" …>.',
    noCookie1:
      "Këtë mesazh po e shihni ngaqë ky sajt lyp një cookie CSRF, kur parashtrohen formularë. Kjo cookie është e domosdoshme për arsye sigurie, për të bërë të mundur që shfletuesi juaj të mos komprometohet nga palë të treta.",
    noCookie2:
      "Nëse e keni formësuar shfletuesin tuaj të çaktivizojë cookie-t, ju lutemi, riaktivizojini, të paktën për këtë sajt, ose për kërkesa “same-origin”.",
    more: "Më tepër të dhëna mund të gjeni me DEBUG=True.",
  },
  sr: {
    title: "Забрањено",
    main: "CSRF верификација није прошла. Захтев одбијен.",
    noReferer1:
      'Ова порука је приказана јер овај HTTPS сајт захтева да "Referer header" буде послат од стране вашег интернет прегледача, што тренутно није случај. Поменуто заглавље је потребно из безбедоносних разлога, да би се осигурало да ваш прегледач није под контролом трећих лица.',
    noReferer2:
      'Ако сте подесили интернет прегледач да не шаље "Referer" заглавља, поново их укључите, барем за овај сајт, или за HTTPS конекције, или за "same-origin" захтеве.',
    noReferer3:
      'Ако користите <meta name="referrer" content="no-referrer"> таг или "Referrer-Policy: no-referrer" заглавље, молимо да их уклоните. CSRF заштита захтева "Referer" заглавље да би се обавила стриктна "referrer" провера. Уколико вас брине приватност, користите алтернативе као <a rel="noreferrer" ...> за линкове ка другим сајтовима.',
    noCookie1:
      "Ова порука је приказана јер овај сајт захтева CSRF куки када се прослеђују подаци из форми. Овај куки је потребан из сигурносних разлога, да би се осигурало да ваш претраживач није под контролом трећих лица.",
    noCookie2:
      'Ако је ваш интернет прегедач подешен да онемогући колачиће, молимо да их укључите, барем за овај сајт, или за "same-origin" захтеве.',
    more: "Више информација је доступно са DEBUG=True.",
  },
  "sr-latn": {
    title: "Zabranjeno",
    main: "CSRF verifikacija nije prošla. Zahtev odbijen.",
    noReferer1:
      'Ova poruka je prikazana jer ovaj HTTPS sajt zahteva da "Referer header" bude poslat od strane vašeg internet pregledača, što trenutno nije slučaj. Pomenuto zaglavlje je potrebno iz bezbedonosnih razloga, da bi se osiguralo da vaš pregledač nije pod kontrolom trećih lica.',
    noReferer2:
      'Ako ste podesili internet pregledač da ne šalje "Referer" zaglavlja, ponovo ih uključite, barem za ovaj sajt, ili za HTTPS konekcije, ili za "same-origin" zahteve.',
    noCookie1:
      "Ova poruka je prikazana jer ovaj sajt zahteva CSRF kuki kada se prosleđuju podaci iz formi. Ovaj kuki je potreban iz sigurnosnih razloga, da bi se osiguralo da vaš pretraživač nije pod kontrolom trećih lica.",
    noCookie2:
      'Ako je vaš internet pregedač podešen da onemogući kolačiće, molimo da ih uključite, barem za ovaj sajt, ili za "same-origin" zahteve.',
    more: "Više informacija je dostupno sa DEBUG=True.",
  },
  sv: {
    title: "Ottillåtet",
    main: "CSRF-verifikation misslyckades. Förfrågan avbröts.",
    noCookie1:
      "Du ser detta meddelande eftersom denna sida kräver en CSRF-cookie när formulär skickas. Denna cookie krävs av säkerhetsskäl, för att säkerställa att din webbläsare inte kapats.",
    more: "Mer information är tillgänglig med DEBUG=True.",
  },
  sw: {
    title: "Marufuku",
    more: "Maelezo zaidi yanapatikana ikiwa DEBUG=True",
  },
  tg: {
    title: "Мушкилӣ дар воридшавӣ",
    main: "Мушкили дар тафтиши CSRF. Дархост рад шуд.",
    noReferer1:
      "Шумо ин хабарро барои он мебинед, ки ин  HTTPS -сомона, тавассути браузери шумо дархости равон кардани 'Referer' 'header' -ро  дорад. Вале ягон дархост равон нашудааст.Иҷрои ин амал аз ҷиҳати бехатарӣ барои мутмаин шудани он, ки браузери шумо аз тарафи шахси сеюм 'шикаста'' (взлом)нашудааст, ҳатмӣ мебошад.",
    noReferer2:
      "Агар шумо браузери худро ба таври 'Referer'-сархатҳояшон дастнорас ба танзим даровада бошед,хоҳиш мекунем, ки ҳадди ақал барои сомонаи мазкур ё барои пайсшавии таввассути HTTPS ё ин ки бароидархостҳои манбаашон якхела, амали азнавбатанзимдарориро иҷро намоед.",
    noCookie1:
      "Шумо ин хабарро барои он мебинед, ки сомонаи мазкур талаб менамояд, то амали равонкунииформа ва CSRF cookie дар якҷоягӣ сурат гирад. Ин намуди 'cookie' аз ҷиҳати бехатарӣбарои мутмаин шудани он, ки браузери шумо аз тарафи шахси сеюм 'шикаста'' (взлом)нашудааст, ҳатмӣ мебошад.",
    noCookie2:
      "Агар шумо браузери худро ба таври дастнораси ба cookies' ба танзим даровада бошед,хоҳиш мекунем, ки ҳадди ақал барои сомонаи мазкур ё барои пайсшавии таввассути HTTPS ё ин ки бароидархостҳои манбаашон якхела, амали азнавбатанзимдарориро иҷро намоед.",
    more: "Маълумоти бештар дар режими 'танзимдарорӣ'(отладчика), бо фаъолсозии DEBUG=True.",
  },
  th: {
    title: "หวงห้าม",
  },
  tk: {
    title: "Gadagan ",
    main: "CSRF dogrylamak şowsuz. Talap ýatyryldy.",
    noReferer1:
      'Bu habary görýärsiňiz, sebäbi bu HTTPS sahypasy web brauzeriňiz tarapyndan iberilmegi üçin "Referer sözbaşy" talap edýär, ýöne hiç biri iberilmedi. Bu sözbaşy, brauzeriňiziň üçünji taraplar tarapyndan ogurlanmazlygy üçin howpsuzlyk sebäpli talap edilýär.',
    noReferer2:
      'Brauzeriňizde "Referer" sözbaşylaryny öçüren bolsaňyz, iň bolmanda bu sahypa ýa-da HTTPS birikmeleri ýa-da "meňzeş" talaplar üçin täzeden açyň.',
    noReferer3:
      'Egerde siz <meta name="referrer" content="no-referrer"> diýen bellik ýada "Referrer-Policy: no-referrer" header ulanýan bolsaňyz, olary aýyrmagyňyzy haýyş edýäris. CSRF goragy üçin "Referer" header-i dogry salgylanma üçin gereklidir. Eger siz gizlinlik üçin alada etseňiz, üçinji şahs sahypalara baglanyşyklar üçin <a rel="noreferrer" …> ýaly alternatiwalary ulanyp bilersiňiz.',
    noCookie1:
      "Bu sahypa formalary tabşyranda CSRF kukisini talap edýäligi sebäpli bu habary görýärsiňiz. Bu kuki, brauzeriňiziň üçünji taraplar tarapyndan ogurlanmazlygy üçin howpsuzlyk sebäpli talap edilýär.",
    noCookie2:
      'Brauzeriňizde kukileri öçüren bolsaňyz, iň bolmanda şu sahypa ýa-da "meňzeş" talaplar üçin olary täzeden açyň.',
    more: "Has giňişleýin maglumat DEBUG=True bilen elýeterlidir.",
  },
  tr: {
    title: "Yasak",
    main: "CSRF doğrulaması başarısız oldu. İstek iptal edildi.",
    noReferer1:
      "Bu iletiyi görüyorsunuz çünkü bu HTTPS sitesi, Web tarayıcınız tarafından gönderilen “Referer üstbilgisi”ni gerektirir, ancak hiçbir şey gönderilmedi. Bu üstbilgi güvenlik nedenleri için gerekir, tarayıcınızın üçüncü taraf uygulamalar tarafından ele geçirilmediğinden emin olun.",
    noReferer2:
      "Eğer tarayıcınızı “Referer” üstbilgilerini etkisizleştirmek için yapılandırdıysanız, lütfen bunları, en azından bu site ya da HTTPS bağlantıları veya “aynı-kaynakta” olan istekler için yeniden etkinleştirin.",
    noReferer3:
      'Eğer <meta name="referrer" content="no-referrer"> etiketi kullanıyorsanız ya da “Referrer-Policy: no-referrer” üstbilgisini dahil ediyorsanız, lütfen bunları kaldırın. CSRF koruması, katı göndereni denetimi yapmak için “Referer” üstbilgisi gerektirir. Gizlilik konusunda endişeniz varsa, üçüncü taraf sitelere bağlantılar için <a rel="noreferrer" …> gibi alternatifler kullanın.',
    noCookie1:
      "Bu iletiyi görüyorsunuz çünkü bu site, formları gönderdiğinizde bir CSRF tanımlama bilgisini gerektirir. Bu tanımlama bilgisi güvenlik nedenleri için gerekir, tarayıcınızın üçüncü taraf uygulamalar tarafından ele geçirilmediğinden emin olun.",
    noCookie2:
      "Eğer tarayıcınızı tanımlama bilgilerini etkisizleştirmek için yapılandırdıysanız, lütfen bunları, en azından bu site ya da “aynı-kaynakta” olan istekler için yeniden etkinleştirin.",
    more: "Daha fazla bilgi DEBUG=True ayarı ile mevcut olur.",
  },
  uk: {
    title: "Заборонено",
    main: "Помилка перевірки CSRF. Запит відхилений.",
    noCookie1:
      "Ви бачите це повідомлення, тому що даний сайт вимагає, щоб при відправці форм була відправлена ​​і CSRF-cookie. Даний тип cookie необхідний з міркувань безпеки, щоб переконатися, що ваш браузер не був взламаний третьою стороною.",
    more: "Більше інформації можна отримати з DEBUG=True.",
  },
  uz: {
    title: "Taqiqlangan",
    main: "CSRF tekshiruvi amalga oshmadi. So‘rov bekor qilindi.",
    noReferer1:
      "Siz ushbu xabarni ko'rmoqdasiz, chunki bu HTTPS saytida veb-brauzeringiz tomonidan \"Referer header\" yuborilishi talab qilinadi, ammo hech biri yuborilmadi. Ushbu sarlavha xavfsizlik nuqtai nazaridan, brauzeringizni uchinchi shaxslar tomonidan o'g'irlanmasligini ta'minlash uchun talab qilinadi.",
    noReferer2:
      "Agar siz \"Referer\" sarlavhalarini o'chirib qo'yish uchun brauzeringizni sozlagan bo'lsangiz, iltimos, hech bo'lmasa ushbu sayt uchun, HTTPS ulanishlari, yoki \"same-origin\" so'rovlari uchun ularni qayta yoqib qo'ying.",
    noReferer3:
      'Agar siz <meta name="referrer" content="no-referrer"> yorlig\'idan yoki "Referrer-Policy: no-referer" sarlavhasidan  foydalanayotgan bo\'lsangiz, iltimos ularni olib tashlang. CSRF himoyasi "Referer" sarlavhasini havolalarni qat\'iy tekshirishni talab qiladi. Agar maxfiyligingiz haqida xavotirda bo\'lsangiz, uchinchi tomon saytlari <a rel="noreferrer" …> kabi havola alternativalaridan foydalaning.',
    noCookie1:
      "Siz ushbu xabarni ko'rmoqdasiz, chunki ushbu sayt formalarni yuborishda CSRF cookie ma'lumotlarini talab qiladi. Ushbu cookie ma'lumotlari xavfsizlik nuqtai nazaridan, brauzeringizni uchinchi shaxslar tomonidan o'g'irlanmasligini ta'minlash uchun xizmat qilinadi.",
    noCookie2:
      "Agar siz cookie ma'lumotlarni o'chirib qo'yish uchun brauzeringizni konfiguratsiya qilgan bo'lsangiz, iltimos, ushbu sayt yoki \"same-origin\" so'rovlari uchun ularni qayta yoqib qo'ying.",
    more: "Qo'shimcha ma'lumotlarni DEBUG = True ifodasi bilan ko'rish mumkin.",
  },
  "zh-hans": {
    title: "禁止访问",
    main: "CSRF验证失败. 请求被中断.",
    noReferer1:
      "您看到此消息是因为此HTTPS站点要求Web浏览器发送的“Referer头”没被发送。出于安全原因，此HTTP头是必需的，以确保您的浏览器不会被第三方劫持。",
    noReferer2:
      "如果您已将浏览器配置为禁用“ Referer”头，请重新启用它们，至少针对此站点，或HTTPS连接或“同源”请求。",
    noReferer3:
      '如果您使用的是<meta name="referrer" content="no-referrer">标签或包含“Referrer-Policy: no-referrer”的HTTP头，请将其删除。CSRF保护要求“Referer”头执行严格的Referer检查。如果你担心隐私问题，可以使用类似<a rel="noreferrer" …>这样的替代方法链接到第三方网站。',
    noCookie1:
      "您看到此消息是由于该站点在提交表单时需要一个CSRF cookie。此项是出于安全考虑，以确保您的浏览器没有被第三方劫持。",
    noCookie2: "如果您已将浏览器配置为禁用cookie，请重新启用它们，至少针对此站点或“同源”请求。",
    more: "更多可用信息请设置选项DEBUG＝True。",
  },
  "zh-hant": {
    title: "禁止",
    main: "CSRF 驗證失敗。已中止請求。",
    noCookie1:
      "你看到這個訊息，是因為這個網站要求在送出表單包含一個 CSRF cookie。這個 cookie 是用於安全用途，保護你的瀏覽器不被第三方挾持。",
    more: "設定 DEBUG=True 以獲得更多資訊。",
  },
};
