// What Django says of a failed CSRF check in its translated languages, A to G.
// Source: django/conf/locale/*/LC_MESSAGES/django.po, 3.2.25, by its translators (Django Software Foundation
// and individual contributors, BSD 3-Clause). A message that a language lacks is not in its entry.
import type { Translation } from "./csrf-page.ts";

export const CSRF_WORDS_A_TO_G: Readonly<Record<string, Translation>> = {
  af: {
    title: "Verbode",
    main: "CSRF-verifikasie het misluk. Versoek is laat val.",
    noCookie1:
      "U sien hierdie boodskap omdat dié werf ’n CSRF-koekie benodig wanneer vorms ingedien word. Dié koekie word vir sekuriteitsredes benodig om te te verseker dat u blaaier nie deur derde partye gekaap word nie.",
    more: "Meer inligting is beskikbaar met DEBUG=True.",
  },
  ar: {
    title: "ممنوع",
    main: "تم الفشل للتحقق من CSRF. تم إنهاء الطلب.",
    noReferer1:
      'تظهر لك هذه الرسالة لأن موقع HTTPS يتطلب "رأس مرجعي" ليتم إرساله بواسطة مستعرض الويب الخاص بك ، ولكن لم يتم إرسال أي منها. هذا العنوان مطلوب لأسباب أمنية ، للتأكد من أن متصفحك لا يتم اختراقه من قبل أطراف ثالثة.',
    noReferer2:
      "إذا قمت بتكوين المستعرض لتعطيل رؤوس “Referer” ، فيرجى إعادة تمكينها ، على الأقل لهذا الموقع ، أو لاتصالات HTTPS ، أو لطلبات “same-origin”.",
    noReferer3:
      'إذا كنت تستخدم العلامة <meta name="referrer" content="no-referrer"> أو تضمين رأس “Referrer-Policy: no-referrer”، يرجى إزالتها. تتطلب حماية CSRF أن يقوم رأس “Referer” بإجراء فحص صارم للمراجع. إذا كنت قلقًا بشأن الخصوصية ، فاستخدم بدائل مثل <a rel="noreferrer" …> للروابط إلى مواقع الجهات الخارجية.',
    noCookie1:
      "أنت ترى هذه الرسالة لأن هذا الموقع يتطلب كعكة CSRF عند تقديم النماذج. ملف الكعكة هذا مطلوب  لأسباب أمنية في تعريف الإرتباط، لضمان أنه لم يتم اختطاف المتصفح من قبل أطراف أخرى.",
    noCookie2:
      "إذا قمت بضبط المتصفح لتعطيل الكوكيز الرجاء إعادة تغعيلها، على الأقل بالنسبة لهذا الموقع، أو للطلبات من “same-origin”.",
    more: "يتوفر مزيد من المعلومات عند ضبط الخيار DEBUG=True.",
  },
  "ar-dz": {
    title: "ممنوع",
    main: "تم الفشل للتحقق من CSRF. تم إنهاء الطلب.",
    noReferer1:
      "أنت ترى هذه الرسالة لأن موقع HTTPS هذا يتطلب إرسال “Referer header” بواسطة متصفح الويب الخاص بك ، ولكن لم يتم إرسال أي منها. هذا العنوان مطلوب لأسباب أمنية ، لضمان عدم اختطاف متصفحك من قبل أطراف ثالثة.",
    noReferer2:
      "إذا قمت بتكوين المستعرض الخاص بك لتعطيل رؤوس “Referer” ، فالرجاء إعادة تمكينها ، على الأقل لهذا الموقع ، أو لاتصالات HTTPS ، أو لطلبات “same-origin”.",
    noReferer3:
      'إذا كنت تستخدم العلامة <meta name=\\"referrer\\" content=\\"no-referrer\\"> أو تتضمن رأس “Referrer-Policy: no-referrer” ، فيرجى إزالتها. تتطلب حماية CSRF رأس “Referer” القيام بالتحقق من “strict referer”. إذا كنت مهتمًا بالخصوصية ، فاستخدم بدائل مثل <a rel=\\"noreferrer\\" …> للروابط إلى مواقع الجهات الخارجية.',
    noCookie1:
      "تشاهد هذه الرسالة لأن هذا الموقع يتطلب ملف تعريف ارتباط CSRF Cookie عند إرسال النماذج. ملف تعريف ارتباط Cookie هذا مطلوب لأسباب أمنية ، لضمان عدم اختطاف متصفحك من قبل أطراف ثالثة.",
    noCookie2:
      "إذا قمت بتكوين المستعرض الخاص بك لتعطيل ملفات تعريف الارتباط Cookies ، يرجى إعادة تمكينها ، على الأقل لهذا الموقع ، أو لطلبات “same-origin”.",
    more: "يتوفر مزيد من المعلومات عند ضبط الخيار DEBUG=True.",
  },
  az: {
    title: "Qadağan",
    main: "CSRF təsdiqləmə alınmadı. Sorğu ləğv edildi.",
    noReferer1:
      "Bu HTTPS sayt səyyahınız tərəfindən “Referer header” göndərilməsini tələb edir, amma göndərilmir. Bu başlıq səyyahınızın üçüncü biri tərəfindən hack-lənmədiyinə əmin olmaq üçün istifadə edilir.",
    noReferer2:
      "Əgər səyyahınızın “Referer” başlığını göndərməsini söndürmüsünüzsə, lütfən bu sayt üçün, HTTPS əlaqələr üçün və ya “same-origin” sorğular üçün aktiv edin.",
    noReferer3:
      'Əgər <meta name="referrer" content="no-referrer"> etiketini və ya “Referrer-Policy: no-referrer” başlığını işlədirsinizsə, lütfən silin. CSRF qoruma dəqiq yönləndirən yoxlaması üçün “Referer” başlığını tələb edir. Əgər məxfilik üçün düşünürsünüzsə, üçüncü tərəf sayt keçidləri üçün <a rel="noreferrer" ...> kimi bir alternativ işlədin.',
    noCookie1:
      "Bu sayt formaları göndərmək üçün CSRF çərəzini işlədir. Bu çərəz səyyahınızın üçüncü biri tərəfindən hack-lənmədiyinə əmin olmaq üçün istifadə edilir. ",
    noCookie2:
      "Əgər səyyahınızda çərəzlər söndürülübsə, lütfən bu sayt və ya “same-origin” sorğular üçün aktiv edin.",
    more: "Daha ətraflı məlumat DEBUG=True ilə mövcuddur.",
  },
  be: {
    title: "Забаронена",
    main: "CSRF-праверка не атрымалася. Запыт спынены.",
    noReferer1:
      "Вы бачыце гэта паведамленне, таму што гэты HTTPS-сайт патрабуе каб Referer загаловак быў адасланы вашым вэб-браўзэрам, але гэтага не адбылося. Гэты загаловак неабходны для бяспекі, каб пераканацца, што ваш браўзэр не ўзаламаны трэцімі асобамі.",
    noReferer2:
      "Калі вы сканфігуравалі ваш браўзэр так, каб ён не працаваў з “Referer” загалоўкамі, калі ласка дазвольце іх хаця б для гэтага сайту, ці для HTTPS злучэнняў, ці для 'same-origin' запытаў.",
    noReferer3:
      'Калі вы выкарыстоўваеце <meta name="referrer" content="no-referrer"> тэг ці дадалі загаловак “Referrer-Policy: no-referrer”, калі ласка выдаліце іх. CSRF абароне неабходны “Referer” загаловак для строгай праверкі. Калі Вы турбуецеся аб прыватнасці, выкарыстоўвайце альтэрнатывы, напрыклад <a rel="noreferrer" …>, для спасылкі на сайты трэціх асоб.',
    noCookie1:
      "Вы бачыце гэта паведамленне, таму што гэты сайт патрабуе CSRF кукі для адсылкі формы. Гэтыя кукі неабходныя для бяспекі, каб пераканацца, што ваш браўзэр не ўзламаны трэцімі асобамі.",
    noCookie2:
      "Калі вы сканфігуравалі ваш браўзэр так, каб ён не працаваў з кукамі, калі ласка дазвольце іх хаця б для гэтага сайту ці для “same-origin” запытаў.",
    more: "Больш падрабязная інфармацыя даступная з DEBUG=True.",
  },
  bg: {
    title: "Забранен",
    main: "CSRF проверката се провали. Заявката прекратена.",
    noCookie1:
      "Вие виждате това съобщение, защото този сайт изисква CSRF бисквитка когато се подават формуляри. Тази бисквитка е задължителна от съображения за сигурност, за да се гарантира, че вашият браузър не е компрометиран от трети страни.",
    more: "Повече информация е на разположение с DEBUG=True.",
  },
  br: {
    title: "Difennet",
  },
  ca: {
    title: "Prohibit",
    main: "La verificació de CSRF ha fallat. Petició abortada.",
    noReferer1:
      "Esteu veient aquest missatge perquè aquest lloc HTTPS requereix que el vostre navegador enviï una capçalera “Referer\", i no n'ha arribada cap. Aquesta capçalera es requereix per motius de seguretat, per garantir que el vostre navegador no està sent infiltrat per tercers.",
    noReferer2:
      'Si heu configurat el vostre navegador per deshabilitar capçaleres “Referer", sisplau torneu-les a habilitar, com a mínim per a aquest lloc, o per a connexions HTTPs, o per a peticions amb el mateix orígen.',
    noReferer3:
      'Si utilitzeu l\'etiqueta <meta name="referrer" content="no-referrer">o incloeu la capçalera  “Referer-Policy: no-referrer" , si us plau elimineu-la. La protecció CSRF requereix la capçalera  “Referer" per a fer una comprovació estricta. Si esteu preocupats quant a la privacitat, utilitzeu alternatives com <a rel="noreferrer" ...>per enllaços a aplicacions de tercers.',
    noCookie1:
      "Estàs veient aquest missatge perquè aquest lloc requereix una galeta CSRF quan s'envien formularis. Aquesta galeta es requereix per motius de seguretat, per garantir que el teu navegador no està sent infiltrat per tercers.",
    noCookie2:
      "Si has configurat el teu navegador per deshabilitar galetes, sisplau torna-les a habilitar, com a mínim per a aquest lloc, o per a peticions amb el mateix orígen.",
    more: "Més informació disponible amb DEBUG=True.",
  },
  cs: {
    title: "Nepřístupné (Forbidden)",
    main: "Selhalo ověření typu CSRF. Požadavek byl zadržen.",
    noReferer1:
      'Tato zpráva se zobrazuje, protože tento web na protokolu HTTPS požaduje záhlaví "Referer" od vašeho webového prohlížeče. Záhlaví je požadováno z bezpečnostních důvodů, aby se zajistilo, že vašeho prohlížeče se nezmocnil někdo další.',
    noReferer2:
      'Pokud má váš prohlížeč záhlaví "Referer" vypnuté, žádáme vás o jeho zapnutí, alespoň pro tento web nebo pro spojení typu HTTPS nebo pro požadavky typu "stejný původ" (same origin).',
    noReferer3:
      'Pokud používáte značku <meta name="referrer" content="no-referrer"> nebo záhlaví "Referrer-Policy: no-referrer", odeberte je. Ochrana typu CSRF vyžaduje, aby záhlaví zajišťovalo striktní hlídání refereru. Pokud je pro vás soukromí důležité, použijte k odkazům na cizí weby alternativní možnosti jako například <a rel="noreferrer" ...>.',
    noCookie1:
      "Tato zpráva se zobrazuje, protože tento web při odesílání formulářů požaduje v souboru cookie údaj CSRF, a to z bezpečnostních důvodů, aby se zajistilo, že se vašeho prohlížeče nezmocnil někdo další.",
    noCookie2:
      'Pokud má váš prohlížeč soubory cookie vypnuté, žádáme vás o jejich zapnutí, alespoň pro tento web nebo pro požadavky typu "stejný původ" (same origin).',
    more: "V případě zapnutí volby DEBUG=True bude k dispozici více informací.",
  },
  cy: {
    title: "Gwaharddedig",
    main: "Gwirio CSRF wedi methu.  Ataliwyd y cais.",
    noCookie1:
      "Dangosir y neges hwn oherwydd bod angen cwci CSRF ar y safle hwn pan yn anfon ffurflenni.  Mae angen y cwci ar gyfer diogelwch er mwyn sicrhau nad oes trydydd parti yn herwgipio eich porwr.",
    more: "Mae mwy o wybodaeth ar gael gyda DEBUG=True",
  },
  da: {
    title: "Forbudt",
    main: "CSRF-verifikationen mislykkedes. Forespørgslen blev afbrudt.",
    noReferer1:
      "Du ser denne besked fordi denne HTTPS-webside kræver at din browser sender en “Referer header”, men den blev ikke sendt. Denne header er påkrævet af sikkerhedsmæssige grunde for at sikre at din browser ikke bliver kapret af tredjepart.",
    noReferer2:
      "Hvis du har opsat din browser til ikke at sende “Referer” headere, beder vi dig slå dem til igen, i hvert fald for denne webside, eller for HTTPS-forbindelser, eller for “same-origin”-forespørgsler.",
    noReferer3:
      'Hvis du bruger tagget <meta name="referrer" content="no-referrer"> eller inkluderer headeren “Referrer-Policy: no-referrer”, så fjern dem venligst. CSRF-beskyttelsen afhænger af at “Referer”-headeren udfører stringent referer-kontrol. Hvis du er bekymret om privatliv, så brug alternativer så som <a rel="noreferrer" …> for links til tredjepartswebsider.',
    noCookie1:
      "Du ser denne besked fordi denne webside kræver en CSRF-cookie, når du sender formularer. Denne cookie er påkrævet af sikkerhedsmæssige grunde for at sikre at din browser ikke bliver kapret af tredjepart.",
    noCookie2:
      "Hvis du har slået cookies fra i din browser, beder vi dig slå dem til igen, i hvert fald for denne webside, eller for “same-origin”-forespørgsler.",
    more: "Mere information er tilgængeligt med DEBUG=True.",
  },
  de: {
    title: "Verboten",
    main: "CSRF-Verifizierung fehlgeschlagen. Anfrage abgebrochen.",
    noReferer1:
      "Sie sehen diese Fehlermeldung da diese HTTPS-Seite einen „Referer“-Header von Ihrem Webbrowser erwartet, aber keinen erhalten hat. Dieser Header ist aus Sicherheitsgründen notwendig, um sicherzustellen, dass Ihr Webbrowser nicht von Dritten missbraucht wird.",
    noReferer2:
      "Falls Sie Ihren Webbrowser so konfiguriert haben, dass „Referer“-Header nicht gesendet werden, müssen Sie diese Funktion mindestens für diese Seite, für sichere HTTPS-Verbindungen oder für „Same-Origin“-Verbindungen reaktivieren.",
    noReferer3:
      'Wenn der Tag „<meta name="referrer" content="no-referrer">“ oder der „Referrer-Policy: no-referrer“-Header verwendet wird, entfernen Sie sie bitte. Der „Referer“-Header wird zur korrekten CSRF-Verifizierung benötigt. Falls es datenschutzrechtliche Gründe gibt, benutzen Sie bitte Alternativen wie „<a rel="noreferrer" …>“ für Links zu Drittseiten.',
    noCookie1:
      "Sie sehen Diese Nachricht, da diese Seite einen CSRF-Cookie beim Verarbeiten von Formulardaten benötigt. Dieses Cookie ist aus Sicherheitsgründen notwendig, um sicherzustellen, dass Ihr Webbrowser nicht von Dritten missbraucht wird.",
    noCookie2:
      "Falls Sie Cookies in Ihren Webbrowser deaktiviert haben, müssen Sie sie mindestens für diese Seite oder für „Same-Origin“-Verbindungen reaktivieren.",
    more: "Mehr Information ist verfügbar mit DEBUG=True.",
  },
  dsb: {
    title: "Zakazany",
    main: "CSRF-pśeglědanje njejo se raźiło. Napšašowanje jo se pśetergnuło.",
    noReferer1:
      "Wiźiśo toś tu powěźeńku, dokulaž toś to HTTPS-sedło trjeba głowu 'Referer', aby se pśez waš webwobglědowak słało, ale žedna njejo se pósłała. Toś ta głowa jo trěbna z pśicynow wěstoty, aby so zawěsćiło, až waš wobglědowak njekaprujo se wót tśeśich.",
    noReferer2:
      "Jolic sćo swój wobglědowak tak konfigurěrował, aby se głowy 'Referer' znjemóžnili, zmóžniśo je pšosym zasej, nanejmjenjej za toś to sedło, za HTTPS-zwiski abo za napšašowanja 'same-origin'.",
    noReferer3:
      'Jolic woznamjenje <meta name="referrer" content="no-referrer"> wužywaśo abo głowu „Referrer-Policy: no-referrer“ zapśimujośo, wótwónoźćo je. CSRF-šćit pomina se głowu „Referer“, aby striktnu kontrolu referera pśewjasć. Jolic se wó swóju priwatnosć staraśo, wužywajśo alternatiwy ako <a rel="noreferrer" …> za wótkazy k sedłam tśeśich.',
    noCookie1:
      "Wiźiśo toś tu powěźeńku, dokulaž toś to HTTPS-sedło trjeba CSRF-cookie, aby formulary wótpósłało. Toś ten cookie jo trěbna z pśicynow wěstoty, aby so zawěsćiło, až waš wobglědowak njekaprujo se wót tśeśich.",
    noCookie2:
      "Jolic sćo swój wobglědowak tak konfigurěrował, aby cookieje znjemóžnili, zmóžniśo je pšosym zasej, nanejmjenjej za toś to sedło abo za napšašowanja „same-origin“.",
    more: "Dalšne informacije su k dispoziciji  z DEBUG=True.",
  },
  el: {
    title: "Απαγορευμένο",
    main: "Η πιστοποίηση CSRF απέτυχε. Το αίτημα ματαιώθηκε.",
    noReferer1:
      "Βλέπετε αυτό το μήνυμα επειδή αυτή η HTTPS σελίδα απαιτεί από τον Web browser σας να σταλεί ένας 'Referer header', όμως τίποτα δεν στάλθηκε. Αυτός ο header είναι απαραίτητος για λόγους ασφαλείας, για να εξασφαλιστεί ότι ο browser δεν έχει γίνει hijacked από τρίτους.",
    noReferer2:
      "Αν οι 'Referer' headers είναι απενεργοποιημένοι στον browser σας από εσάς, παρακαλούμε να τους ξανά-ενεργοποιήσετε, τουλάχιστον για αυτό το site ή για τις συνδέσεις HTTPS ή για τα 'same-origin' requests.",
    noReferer3:
      'Αν χρησιμοποιείτε την ετικέτα <meta name="referrer" content="no-referrer"> ή συμπεριλαμβάνετε την κεφαλίδα (header) \'Referrer-Policy: no-referrer\', παρακαλούμε αφαιρέστε τα. Η προστασία CSRF απαιτεί την κεφαλίδα \'Referer\' να κάνει αυστηρό έλεγχο στον referer. Αν κύριο μέλημα σας είναι η ιδιωτικότητα, σκεφτείτε να χρησιμοποιήσετε εναλλακτικές μεθόδους όπως <a rel="noreferrer" …> για συνδέσμους από άλλες ιστοσελίδες.',
    noCookie1:
      "Βλέπετε αυτό το μήνυμα επειδή αυτή η σελίδα απαιτεί ένα CSRF cookie, όταν κατατίθενται φόρμες. Αυτό το cookie είναι απαραίτητο για λόγους ασφαλείας, για να εξασφαλιστεί ότι ο browser δεν έχει γίνει hijacked από τρίτους.",
    noCookie2:
      "Αν τα cookies είναι απενεργοποιημένα στον browser σας από εσάς, παρακαλούμε να τα ξανά-ενεργοποιήσετε, τουλάχιστον για αυτό το site ή για τα 'same-origin' requests.",
    more: "Περισσότερες πληροφορίες είναι διαθέσιμες με DEBUG=True.",
  },
  eo: {
    title: "Malpermesa",
    main: "CSRF konfirmo malsukcesis. Peto ĉesigita.",
    noCookie1:
      "Vi vidas tiun mesaĝon ĉar tiu-ĉi retejo postulas CSRF kuketon sendante formojn. Tiu-ĉi kuketo estas bezonata pro motivoj de sekureco, por certigi ke via retumilo ne esti forrabita de triaj partioj.",
    more: "Pliaj informoj estas videblaj kun DEBUG=True.",
  },
  es: {
    title: "Prohibido",
    main: "La verificación CSRF ha fallado. Solicitud abortada.",
    noReferer1:
      'Está viendo este mensaje porque este sitio HTTPS requiere que su navegador web envíe un "encabezado de referencia", pero no se envió ninguno. Este encabezado es necesario por razones de seguridad, para garantizar que su navegador no sea secuestrado por terceros.',
    noReferer2:
      'Si ha configurado su navegador para deshabilitar los encabezados "Referer", vuelva a habilitarlos, al menos para este sitio, o para conexiones HTTPS, o para solicitudes del "mismo origen".',
    noReferer3:
      'Si esta utilizando la etiqueta <meta name="referrer" content="no-referrer"> o incluyendo el encabezado "Referrer-Policy: no-referrer", elimínelos. La protección CSRF requiere que el encabezado "Referer" realice una comprobación estricta del referente. Si le preocupa la privacidad, utilice alternativas como <a rel="noreferrer" …> para los enlaces a sitios de terceros.',
    noCookie1:
      "Estás viendo este mensaje porqué esta web requiere una cookie CSRF cuando se envían formularios. Esta cookie se necesita por razones de seguridad, para asegurar que tu navegador no ha sido comprometido por terceras partes.",
    noCookie2:
      'Si ha configurado su navegador para deshabilitar las cookies, vuelva a habilitarlas, al menos para este sitio o para solicitudes del "mismo origen".',
    more: "Más información disponible si se establece DEBUG=True.",
  },
  "es-ar": {
    title: "Prohibido",
    main: "Verificación CSRF fallida. Petición abortada.",
    noReferer1:
      "Ud. está viendo este mensaje porque este sitio HTTPS tiene como requerimiento que su browser Web envíe una cabecera “Referer” pero el mismo no ha enviado una. El hecho de que esta cabecera sea obligatoria es una medida de seguridad para comprobar que su browser no está siendo controlado por terceros.",
    noReferer2:
      "Si ha configurado su browser para deshabilitar las cabeceras “Referer”, por favor activelas al menos para este sitio, o para conexiones HTTPS o para peticiones generadas desde el mismo origen.",
    noReferer3:
      'Si está usando la etiqueta <meta name="referrer" content="no-referrer"> o está incluyendo el encabezado “Referrer-Policy: no-referrer” por favor quitelos. La protección CSRF necesita el encabezado “Referer” para realizar una comprobación estricta de los referers. Si le preocupa la privacidad tiene alternativas tales como usar <a rel="noreferrer" …> en los enlaces a sitios de terceros.',
    noCookie1:
      "Ud. está viendo este mensaje porque este sitio tiene como requerimiento el uso de una 'cookie' CSRF cuando se envíen formularios. El hecho de que esta 'cookie' sea obligatoria es una medida de seguridad para comprobar que su browser no está siendo controlado por terceros.",
    noCookie2:
      "Si ha configurado su browser para deshabilitar “cookies”, por favor activelas al menos para este sitio o para peticiones generadas desde el mismo origen.",
    more: "Hay mas información disponible. Para ver la misma use DEBUG=True.",
  },
  "es-co": {
    title: "Prohibido",
    main: "Verificación CSRF fallida. Solicitud abortada.",
    noCookie1:
      "Estás viendo este mensaje porqué esta web requiere una cookie CSRF cuando se envían formularios. Esta cookie se necesita por razones de seguridad, para asegurar que tu navegador no ha sido comprometido por terceras partes.",
    more: "Se puede ver más información si se establece DEBUG=True.",
  },
  "es-mx": {
    title: "Prohibido",
  },
  "es-ve": {
    title: "Prohibido",
    main: "Verificación CSRF fallida. Solicitud abortada.",
    noCookie1:
      "Estás viendo este mensaje porqué esta web requiere una cookie CSRF cuando se envían formularios. Esta cookie se necesita por razones de seguridad, para asegurar que tu navegador no ha sido comprometido por terceras partes.",
    more: "Se puede ver más información si se establece DEBUG=True.",
  },
  et: {
    title: "Keelatud",
    main: "CSRF verifitseerimine ebaõnnestus. Päring katkestati.",
    noReferer1:
      "Näete seda sõnumit, kuna käesolev HTTPS leht nõuab “Viitaja päise” saatmist teie brauserile, kuid seda ei saadetud. Seda päist on vaja turvakaalutlustel, kindlustamaks et teie brauserit ei ole kolmandate osapoolte poolt üle võetud.",
    noReferer2:
      "Kui olete oma brauseri seadistustes välja lülitanud “Viitaja” päised siis lülitage need taas sisse vähemalt antud lehe jaoks või HTTPS üheduste jaoks või “sama-allika” päringute jaoks.",
    noReferer3:
      'Kui kasutate <meta name="referrer" content="no-referrer"> silti või saadate päist “Referrer-Policy: no-referrer”, siis palun eemaldage need. CSRF kaitse vajab range viitaja kontrolliks päist “Referer”. Kui privaatsus on probleemiks, kasutage alternatiive nagu <a rel="noreferrer" …> linkidele, mis viivad kolmandate poolte lehtedele.',
    noCookie1:
      "Näete seda teadet, kuna see leht vajab CSRF küpsist vormide postitamiseks. Seda küpsist on vaja turvakaalutlustel, kindlustamaks et teie brauserit ei ole kolmandate osapoolte poolt üle võetud.",
    noCookie2:
      "Kui olete oma brauseris küpsised keelanud, siis palun lubage need vähemalt selle lehe jaoks või “sama-allika” päringute jaoks.",
    more: "Saadaval on rohkem infot kasutades DEBUG=True",
  },
  eu: {
    title: "Debekatuta",
    main: "CSRF egiaztapenak huts egin du. Eskaera abortatu da.",
    noCookie1:
      "Formularioa bidaltzean gune honek CSRF cookie bat behar duelako ikusten duzu mezu hau. Cookie hau beharrezkoa da segurtasun arrazoiengatik, zure nabigatzailea beste batek ordezkatzen ez duela ziurtatzeko.",
    more: "Informazio gehiago erabilgarri dago DEBUG=True ezarrita.",
  },
  fa: {
    title: "ممنوع",
    main: "‏CSRF تأیید نشد. درخواست لغو شد.",
    noReferer1:
      'شما این پیغام را می‌بینید چون این وب‌گاه HTTPS نیازمند یک "Referer header" یا سرتیتر ارجاع دهنده است که باید توسط مرورگر شما ارسال شود. این سرتیتر به دلایل امنیتی مورد نیاز است تا اطمینان حاصل شود که مرورگر شما توسط شخص سومی مورد سوءاستفاده قرار نگرفته باشد.',
    noReferer2:
      'اگر در مرورگر خود سر تیتر "Referer" را غیرفعال کرده‌اید، لطفاً آن را فعال کنید، یا حداقل برای این وب‌گاه یا برای ارتباطات HTTPS و یا برای درخواست‌های "Same-origin" فعال کنید.',
    noReferer3:
      'اگر شما از تگ <meta name="referrer" content="no-referrer"> استفاده می‌کنید یا سر تیتر "Referrer-Policy: no-referrer"  را اضافه کرده‌اید، لطفاً آن را حذف کنید. محافظ CSRF به سرتیتر "Referer" نیاز دارد تا بتواند بررسی سخت‌گیرانه ارجاع دهنده را انجام دهد. اگر ملاحظاتی در مورد حریم خصوصی دارید از روش‎‌های جایگزین مانند <a rel="noreferrer" …> برای ارجاع دادن به وب‌گاه‌های شخص ثالث استفاده کنید.',
    noCookie1:
      "شما این پیام را میبینید چون این سایت نیازمند کوکی «جعل درخواست میان وبگاهی (CSRF)» است. این کوکی برای امنیت شما ضروری است. با این کوکی می‌توانیم از اینکه شخص ثالثی کنترل مرورگرتان را به دست نگرفته است اطمینان پیدا کنیم.",
    noCookie2:
      'اگر مرورگر خود را تنظیم کرده‌اید که کوکی غیرفعال باشد، لطفاً مجدداً آن را فعال کنید؛ حداقل برای این وب‌گاه یا برای درخواست‌های "same-origin".',
    more: "اطلاعات بیشتر با DEBUG=True ارائه خواهد شد.",
  },
  fi: {
    title: "Kielletty",
    main: "CSRF-vahvistus epäonnistui. Pyyntö hylätty.",
    noReferer1:
      "Näet tämän viestin, koska tämä HTTPS-sivusto vaatii selaintasi lähettämään Referer-otsakkeen, mutta sitä ei vastaanotettu. Otsake vaaditaan turvallisuussyistä, varmistamaan etteivät kolmannet osapuolet ole ottaneet selaintasi haltuun.",
    noReferer2:
      'Jos olet konfiguroinut selaimesi olemaan lähettämättä Referer-otsaketta, ole hyvä ja kytke otsake takaisin päälle ainakin tälle sivulle, HTTPS-yhteyksille tai saman lähteen ("same-origin") pyynnöille.',
    noReferer3:
      'Jos käytät <meta name="referrer" content="no-referrer">-tagia tai "Referrer-Policy: no-referrer" -otsaketta, ole hyvä ja poista ne. CSRF-suojaus vaatii Referer-otsakkeen tehdäkseen tarkan referer-tarkistuksen. Jos vaadit yksityisyyttä, käytä vaihtoehtoja kuten <a rel="noreferrer" …>linkittääksesi kolmannen osapuolen sivuille.',
    noCookie1:
      "Näet tämän viestin, koska tämä sivusto vaatii CSRF-evästeen vastaanottaessaan lomaketietoja. Eväste vaaditaan turvallisuussyistä, varmistamaan etteivät kolmannet osapuolet ole ottaneet selaintasi haltuun.",
    noCookie2:
      'Jos olet konfiguroinut selaimesi olemaan vastaanottamatta tai lähettämättä evästeitä, ole hyvä ja kytke evästeet takaisin päälle ainakin tälle sivulle tai saman lähteen ("same-origin") pyynnöille.',
    more: "Lisätietoja `DEBUG=True`-konfiguraatioasetuksella.",
  },
  fr: {
    title: "Interdit",
    main: "La vérification CSRF a échoué. La requête a été interrompue.",
    noReferer1:
      "Vous voyez ce message parce que ce site HTTPS exige que le navigateur Web envoie un en-tête « Referer », ce qu’il n'a pas fait. Cet en-tête est exigé pour des raisons de sécurité, afin de s’assurer que le navigateur n’ait pas été piraté par un intervenant externe.",
    noReferer2:
      "Si vous avez désactivé l’envoi des en-têtes « Referer » par votre navigateur, veuillez les réactiver, au moins pour ce site ou pour les connexions HTTPS, ou encore pour les requêtes de même origine (« same-origin »).",
    noReferer3:
      'Si vous utilisez la balise <meta name="referrer" content="no-referrer"> ou que vous incluez l’en-tête « Referrer-Policy: no-referrer », il est préférable de les enlever. La protection CSRF exige que l’en-tête ``Referer`` effectue un contrôle de référant strict. Si vous vous souciez de la confidentialité, utilisez des alternatives comme <a rel="noreferrer" …> pour les liens vers des sites tiers.',
    noCookie1:
      "Vous voyez ce message parce que ce site exige la présence d’un cookie CSRF lors de l’envoi de formulaires. Ce cookie est nécessaire pour des raisons de sécurité, afin de s’assurer que le navigateur n’ait pas été piraté par un intervenant externe.",
    noCookie2:
      "Si vous avez désactivé l’envoi des cookies par votre navigateur, veuillez les réactiver au moins pour ce site ou pour les requêtes de même origine (« same-origin »).",
    more: "Des informations plus détaillées sont affichées lorsque la variable DEBUG vaut True.",
  },
  ga: {
    title: "Toirmiscthe",
    more: "Tá tuilleadh eolais ar fáil le DEBUG=True.",
  },
  gd: {
    title: "Toirmisgte",
    main: "Dh’fhàillig le dearbhadh CSRF. chaidh sgur dhen iarrtas.",
    noReferer1:
      "Chì thu an teachdaireachd seo air sgàth ’s gu bheil an làrach-lìn HTTPS seo ag iarraidh air a’ bhrabhsair-lìn agad gun cuir e bann-cinn “Referer” thuice ach cha deach gin a chur a-null. Tha feum air a’ bhann-chinn seo a chum tèarainteachd ach nach cleachd treas-phàrtaidh am brabhsair agad gu droch-rùnach.",
    noReferer2:
      "Ma rèitich thu am brabhsair agad ach an cuir e bannan-cinn “Referer” à comas, cuir an comas iad a-rithist, co-dhiù airson na làraich seo no airson ceanglaichean HTTPS no airson iarrtasan “same-origin”.",
    noReferer3:
      'Ma tha thu a’ cleachdadh taga <meta name="referrer" content="no-referrer"> no a’ gabhail a-staigh bann-cinn “\'Referrer-Policy: no-referrer” feuch an doir thu air falbh iad. Iarraidh an dìon CSRF bann-cinn “Referer” gus na referers a dhearbhadh gu teann. Ma tha thu iomagaineach a thaobh do prìobhaideachd, cleachd roghainnean eile mar <a rel="noreferrer" …> airson ceangal gu làraichean-lìn threas-phàrtaidhean.',
    noCookie1:
      "Chì thu an teachdaireachd seo air sgàth ’s gu bheil an làrach-lìn seo ag iarraidh briosgaid CSRF nuair a chuireas tu foirm a-null. Tha feum air a’ bhriosgaid seo a chum tèarainteachd ach nach cleachd treas-phàrtaidh am brabhsair agad gu droch-rùnach.",
    noCookie2:
      "Ma rèitich thu am brabhsair agad ach an cuir e briosgaidean à comas, cuir an comas iad a-rithist, co-dhiù airson na làraich seo no airson iarrtasan “same-origin”.",
    more: "Gheibh thu barrachd fiosrachaidh le DEBUG=True.",
  },
  gl: {
    more: "Pode ver máis información se establece DEBUG=True.",
  },
};
