// What Django says of a failed CSRF check in its translated languages, H to M.
// Source: django/conf/locale/*/LC_MESSAGES/django.po, 3.2.25, by its translators (Django Software Foundation
// and individual contributors, BSD 3-Clause). A message that a language lacks is not in its entry.
import type { Translation } from "./csrf-page.ts";

export const CSRF_WORDS_H_TO_M: Readonly<Record<string, Translation>> = {
  he: {
    title: "אסור",
    main: "אימות CSRF נכשל. הבקשה בוטלה.",
    noReferer1:
      'הודעה זו מופיעה מאחר ואתר ה־HTTPS הזה דורש מהדפדפן שלך לשלוח "Referer header", אך הוא לא נשלח. זה נדרש מסיבות אבטחה, כדי להבטיח שהדפדפן שלך לא נחטף ע"י צד שלישי.',
    noReferer2:
      'אם ביטלת "Referer" headers בדפדפן שלך, נא לאפשר אותם מחדש, לפחות עבור אתר זה, חיבורי HTTPS או בקשות "same-origin".',
    noReferer3:
      'אם השתמשת בתג<meta name="referrer" content="no-referrer">או הוספת header של “Referrer-Policy: no-referrer”, נא להסיר אותם. הגנת ה־CSRF דורשת ‎“Referer” header לבדיקת ה־referer. אם פרטיות מדאיגה אותך, ניתן להשתמש בתחליפים כמו <a rel="noreferrer" …> לקישור אל אתרי צד שלישי.',
    noCookie1:
      "הודעה זו מופיעה מאחר ואתר זה דורש עוגיית CSRF כאשר שולחים טפסים. עוגיה זו נדרשת מסיבות אבטחה, כדי לוודא שהדפדפן שלך לא נחטף על ידי אחרים.",
    noCookie2:
      "אם ביטלת עוגיות בדפדפן שלך, נא לאפשר אותם מחדש לפחות עבור אתר זה או בקשות “same-origin”.",
    more: "מידע נוסף זמין עם ",
  },
  hr: {
    title: "Zabranjeno",
    main: "CSRF verifikacija nije uspjela. Zahtjev je prekinut.",
    noCookie1:
      "Ova poruka vam se prikazuje jer stranica na kojoj se nalazite zahtjeva CSRF kolačić prilikom slanja forme. Navedeni kolačić je obavezan iz sigurnosnih razloga, kako bi se osiguralo da vaš internetski preglednik ne bude otet od strane trećih osoba.",
    more: "Dodatne informacije su dostupne sa postavkom DEBUG=True.",
  },
  hsb: {
    title: "Zakazany",
    main: "CSRF-přepruwowanje je so nimokuliło.  Naprašowanje je so přetorhnyło.",
    noReferer1:
      "Widźiće tutu zdźělenku, dokelž HTTPS-sydło „hłowu Referer“ trjeba, zo by so do webwobhladowaka słało, ale njeje so pósłała. Tuta hłowa je z přičinow wěstoty trěbna, zo by so zawěsćiło, zo waš wobhladowak so wot třećich njekapruje.",
    noReferer2:
      "Jei sće swój wobhladowak tak konfigurował, zo su hłowy „Referer“ znjemóžnjene, zmóžńće je, znajmjeńša za tute sydło abo za HTTPS-zwiski abo za naprašowanja „sameorigin“.",
    noReferer3:
      "Jeli značku  wužiwaće abo hłowu „Referrer-Policy: no-referrer“ zapřijimaće, wotstrońće je prošu. CSRF-škit trjeba hłowu „Referer“ , zo by striktnu kontrolu referer přewjedźe. Jeli so wo priwatnosć staraće, wužiwajće alternatiwy kaž za wotkazy k sydłam třećich.",
    noCookie1:
      "Widźiće tutu zdźělenku, dokelž tute sydło CSRF-plack trjeba, hdyž so formulary wotesyłaja. Tutón plack je z přičinow wěstoty trěbny, zo by so waš wobhladowak wot třećich njekapruje.",
    noCookie2:
      "Jeli sće swój wobhladowak tak konfigurował, zo su placki znjemóžnjene, zmóžńće je zaso, znajmjeńša za tute sydło abo za naprašowanja „same-origin“.",
    more: "Z DEBUG=True su dalše informacije k dispoziciji.",
  },
  hu: {
    title: "Hozzáférés megtagadva",
    main: "CSRF ellenőrzés sikertelen. Kérést kiszolgálása megszakítva.",
    noReferer1:
      'Ezt az üzenetet azért látja, mert ezen a HTTPS oldalon kötelező a "Referer header", amelyet a böngészőnek kellene küldenie, de nem tette. Ez az adat biztonsági okokból kötelező, ez biztosítja, hogy a böngészőt nem irányítja át egy harmadik fél.',
    noReferer2:
      'Ha a böngészője úgy van beállítva, hogy letilja a "Referer" adatokat, kérjük engedélyezze őket ehhez az oldalhoz, vagy a HTTPS kapcsolatokhoz, vagy a "same-origin" kérésekhez.',
    noReferer3:
      'Ha a <meta name="referrer" content="no-referrer"> címkét használja, vagy a “Referrer-Policy: no-referrer” fejlécet, kérjük távolítsa el ezeket. A CSRF védelemnek szüksége van a "Referer" fejléc adatra a szigorú ellenőrzéshez. Ha aggódik az adatainak biztonsága miatt, használjon alternatívákat, mint például az <a rel="noreferrer" …>, a külső oldalakra mutató linkek esetén. ',
    noCookie1:
      "Azért látja ezt az üzenetet, mert ez a weboldal elvárja a CSRF cookie elküldését űrlapoknál. Erre a cookie-ra biztonsági okból van szükség annak kiszűrésére, hogy harmadik fél eltérítse az ön böngészőjét.",
    noCookie2:
      'Ha kikapcsolta a cookie-kat a böngészőjében, kérjük engedélyezze őket újra, legalább erre az oldalra, vagy a "same-origin" típusú kérésekre.',
    more: "További információ DEBUG=True beállítással érhető el.",
  },
  hy: {
    title: "Արգելված",
    main: "CSRF ստուգման սխալ․ Հարցումն ընդհատված է",
    noCookie1:
      "Դուք տեսնում եք այս հաղորդագրությունը, քանի որ այս կայքը ձևաթերթերը ուղարկելու համար պահանջում է CSRF cookie։ Այն անհրաժեշտ է անվտանգության նկատառումներից ելնելով, համոզվելու համար, որ ձեր բրաուզերը չի գտնվում երրորդ անձանց կառավարման տակ։",
    more: "Ավելի մանրամասն տեղեկությունը հասանելի է DEBUG=True֊ի ժամանակ",
  },
  ia: {
    title: "Prohibite",
    main: "Verification CSRF fallite. Requesta abortate.",
    noCookie1:
      "Tu vide iste message perque iste sito require un cookie CSRF durante le submission de formularios. Iste cookie es requirite pro motivos de securitate, pro assecurar que tu navigator non es sequestrate per tertie personas.",
    more: "Plus information es disponibile con DEBUG=True.",
  },
  id: {
    title: "Terlarang",
    main: "Verifikasi CSRF gagal, Permintaan dibatalkan.",
    noReferer1:
      "Anda sedang melihat pesan ini karena situs HTTPS ini membutuhkan “Referer header” dikirim oleh peramban Web Anda, tetapi tidak terkirim. Bagian kepala tersebut dibutuhkan karena alasan keamanan, untuk memastikan bahwa peramban Anda tidak sedang dibajak oleh pihak ketiga.",
    noReferer2:
      "Jika Anda menonaktifkan header 'Referrer' pada konfigurasi peramban Anda, mohon aktfikan kembali, setidaknya untuk situs ini, untuk koneksi HTTPS, atau untuk request 'same-origin'.",
    noReferer3:
      'Jika Anda menggunakan tag <meta name="referrer" content="no-referrer"> atau menyertakan bagian kepala \'Referrer-Policy: no-referrer\', harap hapus hal tersebut. Perlindungan CSRF membutuhkan bagian kepala \'Referrer\' untuk melakukan pemeriksaan pengarahan ketat. Jika Anda khawatir mengenai privasi, gunakan cara lain seperti <a rel="noreferrer" ...> untuk tautan ke situs pihak ketiga.',
    noCookie1:
      "Anda melihat pesan ini karena situs ini membutuhkan sebuah kuki CSRF ketika mengirimkan formulir. Kuki ini dibutuhkan untuk alasan keamanan, untuk memastikan bahwa peramban Anda tidak sedang dibajak oleh pihak ketiga.",
    noCookie2:
      "Jika Anda telah mengatur peramban Anda untuk menonaktifkan kuki, maka aktifkanlah kembali, setidaknya untuk website ini, atau untuk request 'same-origin'.",
    more: "Informasi lebih lanjut tersedia dengan DEBUG=True",
  },
  ig: {
    title: "Amachibidoro",
    main: "Nyocha CSRF emeghị nke ọma. Ajuju atọrọ..",
    noReferer1:
      "I na-ahụ ozi a n'ihi na saịtị HTTPS a chọrọ “Onye isi okwu” ka ihe nchọgharị weebụ gị zitere gị, mana onweghi nke zitere. Achọrọ isi ihe a maka ebumnuche nchekwa, iji jide n’aka na ndị ọzọ anaghị egbochi ihe nchọgharị gị.",
    noReferer2:
      "Ọ bụrụ na ihazila ihe nchọgharị gị iji gbanyụọ ndị na-eji “ndị nnọchianya”, biko jisie iketiachi ya, ma ọ dịkarịa maka saịtị a, ma ọ bụ maka njikọ HTTPS, ma ọ bụ maka a arịrịọ “otu ụdị”.",
    noReferer3:
      'Ọ bụrụ na ị na-eji <meta name="referrer" content="no-referrer"> akara mmado ma ọ bụ gụnyere isi nke "Iwu-Onye na gba ama: neweghị onye na-gba ama", biko wepu ha. Nchedo CSRF chọrọ ka isi “onye na  gba ama” wee mee nyocha ike nlele nke gbara ama. Ọ bụrụ na ihe gbasara gị gbasara nzuzo, jiri ụzọ ọzọ dị ka <a rel="noreferrer" …>  njikọ maka saịtị ndị ọzọ.',
    noCookie1:
      "I na-ahụ ozi a n'ihi na saịtị a chọrọ CSRF cookie mgbe ị na-edobe akwụkwọ. Achọrọ cookie a maka ebumnuche nchekwa, iji hụ na ndị ọzọ anaghị egbochi ihe nchọgharị gị.",
    noCookie2:
      'Ọ bụrụ na ịhazila ihe nchọgharị gị iji gbanyụọ kuki, biko tiachi ya ka o na ruo oru, opekata mpe maka saịtị a, ma ọ bụ maka “otu ụdị".',
    more: "Ihe omuma ndi ozo di na DEBUG = Eziokwu.",
  },
  is: {
    main: "CSRF auðkenning tókst ekki.",
    noReferer1:
      "Þú ert að fá þessi skilaboð því þetta HTTPS vefsvæði þarfnast að vafrinn þinn sendi „Referer“ haus (e. referer header) sem var ekki sendur. Þessi haus er nauðsynlegur af öryggisástæðum til að ganga úr skugga um að utanaðkomandi aðili sé ekki að senda fyrirspurnir úr vafranum þínum.",
    noReferer2:
      "Ef þú hefur stillt vafrann þinn til að gera „Referer“ hausa óvirka þarftu að virkja þá aftur. Að minnsta kosti fyrir þetta vefsvæði, eða HTTPS tengingar eða „same-origin“ fyrirspurnir.",
    noCookie1:
      "Þú ert að fá þessi skilaboð því þetta vefsvæði þarfnast að CSRF kaka (e. cookie) sé send þegar form eru send. Þessi kaka er nauðsynleg af öryggisástæðum til að ganga úr skugga um að utanaðkomandi aðili sé ekki að senda fyrirspurnir úr vafranum þínum.",
    noCookie2:
      "Ef þú hefur stillt vafrann þinn til að gera kökur óvirkar þarftu að virkja þær aftur. Að minnsta kosti fyrir þetta vefsvæði eða „same-origin“ fyrirspurnir.",
    more: "Meiri upplýsingar fást með DEBUG=True.",
  },
  it: {
    title: "Proibito",
    main: "Verifica CSRF fallita. Richiesta interrotta.",
    noReferer1:
      'Stai vedendo questo messaggio perché questo sito HTTPS richiede una "Referer header" che deve essere inviata dal tuo browser web, ma non è stato inviato nulla. Questo header è richiesto per ragioni di sicurezza, per assicurare che il tuo browser non sia stato dirottato da terze parti.',
    noReferer2:
      'Se hai configurato il tuo browser web per disattivare l\'invio delle intestazioni "Referer", riattiva questo invio, almeno per questo sito, o per le connessioni HTTPS, o per le connessioni "same-origin".',
    noReferer3:
      'Se usi il tag <meta name="referrer" content="no-referrer"> o includi header \'Referrer-Policy: no-referrer\', per favore rimuovili. Per la protezione CSRF è necessario eseguire un controllo rigoroso sull\'header \'Referer\'. Se ti preoccupano le ricadute sulla privacy, puoi ricorrere ad alternative come <a rel="noreferrer" …> per i link a siti di terze parti.',
    noCookie1:
      "Stai vedendo questo messaggio perché questo sito richiede un cookie CSRF quando invii dei form. Questo cookie è necessario per ragioni di sicurezza, per assicurare che il tuo browser non sia stato dirottato da terze parti.",
    noCookie2:
      'Se hai configurato il tuo browser web per disattivare l\'invio dei cookies, riattivalo almeno per questo sito, o per connessioni "same-origin"',
    more: "Maggiorni informazioni sono disponibili con DEBUG=True",
  },
  ja: {
    title: "アクセス禁止",
    main: "CSRF検証に失敗したため、リクエストは中断されました。",
    noReferer1:
      "このメッセージが表示されている理由は、このHTTPSのサイトはウェブブラウザからリファラーヘッダが送信されることを必須としていますが、送信されなかったためです。このヘッダはセキュリティ上の理由(使用中のブラウザが第三者によってハイジャックされていないことを確認するため)で必要です。",
    noReferer2:
      "もしブラウザのリファラーヘッダを無効に設定しているならば、HTTPS接続やsame-originリクエストのために、少なくともこのサイトでは再度有効にしてください。",
    noReferer3:
      'もし <meta name="referrer" content="no-referrer"> タグを使用しているか “Referrer-Policy: no-referrer” ヘッダを含んでいる場合は削除してください。CSRF プロテクションは、厳密に “Referer” ヘッダが必要です。プライバシーが気になる場合は <a rel="noreferrer" …> などの代替で第三者サイトと接続してください。',
    noCookie1:
      "このメッセージが表示されている理由は、このサイトはフォーム送信時にCSRFクッキーを必須としているためです。このクッキーはセキュリティ上の理由(使用中のブラウザが第三者によってハイジャックされていないことを確認するため)で必要です。",
    noCookie2:
      "もしブラウザのクッキーを無効に設定しているならば、same-originリクエストのために少なくともこのサイトでは再度有効にしてください。",
    more: "詳細な情報は DEBUG=True を設定すると利用できます。",
  },
  ka: {
    title: "აკრძალული",
    more: "მეტი ინფორმაცია მისაწვდომია DEBUG=True-ს მეშვეობით.",
  },
  kab: {
    title: "Yegdel",
  },
  ko: {
    main: "CSRF 검증에 실패했습니다. 요청을 중단하였습니다.",
    noReferer1:
      "이 메세지가 보이는 이유는 이 HTTPS 사이트가 당신의 웹 브라우저로부터 '참조 헤더'를 요구하지만, 아무것도 받기 못하였기 때문입니다. 이 헤더는 보안상의 문제로 필요하며, 제3자에 의해 당신의 웹 브라우저가 해킹당하고 있지 않다는 것을 보장합니다.",
    noReferer2:
      "만약 브라우저 설정에서 '참조' 헤더를 비활성화 시켰을 경우, 적어도 이 사이트나 HTTPS 연결, '동일-출처' 요청에 대해서는 이를 다시 활성화 시키십시오. ",
    noReferer3:
      '<meta name="referrer" content="no-referrer">태그나  \'Referrer-Policy: no-referrer\' 헤더를 포함하고 있다면, 제거해주시기 바랍니다. CSRF 방지를 위한 리퍼러 검사를 위해 \'Referer\' 헤더가 필요합니다. 개인 정보에 대해 우려가 있는 경우, 서드 파티 사이트에 대한 링크에 <a rel="noreferrer" …>와 같은 대안을 사용할 수 있습니다.',
    noCookie1:
      "이 메세지가 보이는 이유는 사이트가 폼을 제출할 때 CSRF 쿠키를 필요로 하기 때문입니다. 이 쿠키는 보안상의 이유로 필요하며, 제3자에 의해 당신의 브라우저가 해킹당하고 있지 않다는 것을 보장합니다.",
    noCookie2:
      "만약 브라우저 설정에서 쿠키를 비활성화 시켰을 경우, 적어도 이 사이트나 '동일-출처' 요청에 대해서는 활성화 시키십시오.",
    more: "DEBUG=True 로 더 많은 정보를 확인할 수 있습니다.",
  },
  ky: {
    title: "Тыйылган",
    main: "CSRF текшерүү кыйрады. Суроо четке кагылды.",
    noReferer1:
      "Сиз бул билдирүүнү HTTPS сайты, браузер тарабынан жөнөтүлчү “Referer header” тарабынан талап кылынганы бирок жөнөтүлбөгөндүгү үчүн көрүп атасыз. Бул хэдер коопсуздук чаралары үчүн керек болот. Сиздин броузер үчүнчү тараптан барымтага алынбаганын текшериңиз.",
    noReferer2:
      "Эгер сиз броузерден “Referer” хэдерин өчүрүп салсаңыз, аны күйгүзүп коюңуз. Жок дегенде ушул сайт үчүн же жок дегенде HTTPS байланышуу үчүн. Же болбосо “same-origin” суроолору үчүн.",
    noReferer3:
      'Эгер сиз <meta name="referrer" content="no-referrer">тегин же “Referrer-Policy: no-referrer” хэдерин  колдонуп жатсаңыз, аларды өчүрүп салыңыз. CSRF коргоосу “Referer” хэдерин талап кылат. Эгер сиз коопсуздук жөнүндө кабатырланып атсаңыз үчүнчү жактар үчүн <a rel="noreferrer" …>шилтемесин колдонуңуз.',
    noCookie1:
      "Сиз бул билдирүүнү бул сайт форм жиберүүдө CSRF кукини талап кылгандыгы үчүн көрүп жатасыз.  Бул куки коопсуздуктан улам сиздин сайтыңыз үчүнчү жактан чабуулга кабылбаганын текшерүү үчүн талап кылынат. ",
    noCookie2:
      "Эгер сиз броузерде кукиледи өчүрүп койсоңуз, аларды кайра күйгүзүп коюңуз. Жок дегенде ушул сайтка же “same-origin” суроолоруна.",
    more: "Сиз бул маалыматты DEBUG=True болгону үчүн көрүп жатасыз.",
  },
  lt: {
    title: "Uždrausta",
    main: "Nepavyko CSRF patvirtinimas. Užklausa nutraukta.",
    noCookie1:
      "Jūs matote šią žinutę nes šis puslapis reikalauja CSRF slapuko, kai pateikiama forma. Slapukas reikalaujamas saugumo sumetimais, kad užtikrinti jog jūsų naršyklė nėra užgrobiama trečiųjų asmenų.",
    more: "Gauti daugiau informacijos galima su DEBUG=True nustatymu.",
  },
  lv: {
    title: "Aizliegts",
    main: "CSRF pārbaude neizdevās. Pieprasījums pārtrauks.",
    noReferer1:
      "Jūs redzat šo ziņojumu, jo šai HTTPS vietnei nepieciešams “Referer header”, kuru bija paredzēts, ka nosūtīs jūsu tīmekļa pārlūkprogramma, bet tas netika nosūtīts. Šis headeris ir vajadzīgs drošības apsvērumu dēļ, lai pārliecinātos, ka trešās puses nepārņems kontroli pār jūsu pārlūkprogrammu.",
    noReferer2:
      "Ja esat konfigurējis savu pārlūkprogrammu, lai atspējotu “Referer” headerus, lūdzu, atkārtoti iespējojiet tos vismaz šai vietnei, HTTPS savienojumiem vai “same-origin” pieprasījumiem.",
    noReferer3:
      'Ja jūs izmantojat <meta name="referrer" content="no-referrer"> tagu vai iekļaujat “Referrer-Policy: no-referrer” headeri, lūdzu noņemiet tos. CSRF aizsardzībai ir nepieciešams, lai “Referer” headerī tiktu veikta strikta pārvirzītāja pārbaude. Ja jūs domājat par privātumu, tad izmantojiet tādas alternatīvas kā <a rel="noreferrer" …> priekš saitēm uz trešo pušu vietnēm.',
    noCookie1:
      "Jūs redzat šo ziņojumu, jo, iesniedzot veidlapas, šai vietnei ir nepieciešams CSRF sīkfails. Šis sīkfails ir vajadzīgs drošības apsvērumu dēļ, lai pārliecinātos, ka trešās personas nepārņems kontroli pār jūsu pārlūkprogrammu.",
    noCookie2:
      "Ja esat konfigurējis pārlūkprogrammu, lai atspējotu sīkdatnes, lūdzu, atkārtoti iespējojiet tās vismaz šai vietnei vai “same-origin” pieprasījumiem.",
    more: "Vairāk informācijas ir pieejams ar DEBUG=True",
  },
  mk: {
    title: "Забрането",
    main: "CSRF верификацијата не успеа. Барањето е прекинато.",
    noCookie1:
      "Ја гледате оваа порака бидејќи овој сајт бара CSRF колаче (cookie) за да се поднесуваат форми. Ова колаче е потребно од безбедносни причини, за да се осигураме дека вашиот веб прелистувач не е грабнат и контролиран од трети страни.",
    more: "Повеќе информации се достапни со DEBUG = True.",
  },
  ml: {
    title: "വിലക്കപ്പെട്ടത്",
    main: "സി എസ് ആർ എഫ് പരിശോധന പരാജയപ്പെട്ടു. റിക്വെസ്റ്റ് റദ്ദാക്കി.",
    noCookie1:
      "ഫോം  സമർപ്പിക്കുമ്പോൾ ഒരു CSRF കുക്കി ഈ സൈറ്റിൽ ആവശ്യമാണ് എന്നതിനാലാണ് നിങ്ങൾ ഈ സന്ദേശം കാണുന്നത്. മറ്റുള്ളവരാരെങ്കിലും നിങ്ങളുടെ ബ്രൗസറിനെ നിയന്ത്രിക്കുന്നില്ല എന്ന് ഉറപ്പുവരുത്താനായി ഈ കുക്കി ആവശ്യമാണ്. ",
    more: "Debug=True എന്നു കൊടുത്താൽ കൂടുതൽ കാര്യങ്ങൾ അറിയാൻ കഴിയും.",
  },
  mn: {
    title: "Хориотой",
    main: "CSRF дээр уналаа. Хүсэлт таслагдсан.",
    noCookie1:
      "Энэ хуудсанд форм илгээхийн тулд CSRF күүки шаардлагатай учир Та энэ мэдэгдлийг харж байна. Энэ күүки нь гуравдагч этгээдээс хамгаалахын тулд шаардлагатай.",
    more: "DEBUG=True үед дэлгэрэнгүй мэдээлэл харах боломжтой.",
  },
};
