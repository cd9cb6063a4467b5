/** Romanian: reasons and remarks about fares. */
import type en from "../en/fareReasons";
import type { Translation } from "../translation";

export default {
  "reason.PRICE_INVALID": "„{value}” nu este un preț",
  "reason.CURRENCY_INVALID": "monedă necunoscută „{value}”; posibile: {known}",
  "reason.ZERO_PRICE":
    "un preț de 0 înseamnă de obicei că lipsește: contează doar la un tarif indicat ca fiind pentru adulți",
  "reason.RIDER_CATEGORY_TWICE":
    "categoria de pasageri „{category}” este definită de două ori; rămâne ultima definiție",
  "reason.FARE_TWICE": "tariful „{fare}” este definit de mai multe ori; se consideră mai multe tarife",
  "reason.FARE_UNKNOWN": "tariful „{fare}” nu este în fare_attributes.txt",
  "reason.PRODUCT_UNKNOWN": "produsul tarifar „{product}” nu este în fare_products.txt",
  "reason.FARE_OF_OTHER_AGENCY": "tariful „{fare}” aparține altui transportator decât ruta",
  "reason.ZONE_EMPTY": "nicio stație nu este în zona „{zone}”",
  "reason.AREA_EMPTY": "nicio stație nu este în aria „{area}”",
  "reason.FARE_LEFT_OUT": "tariful „{fare}” este omis; acolo unde se aplică nu se vinde nimic",
  "reason.PRODUCT_LEFT_OUT": "produsul tarifar „{product}” este omis; acolo unde se aplică nu se vinde nimic",
  "reason.FARE_NOT_COUNTED": "tariful „{fare}” nu este luat în calcul",
  "reason.RULE_LEFT_OUT": "această regulă este omisă",
  "reason.RULE_NOT_SOLD": "acolo unde se aplică această regulă nu se vinde nimic",
  "reason.SEVERAL_FARES": "perechi de zone cu mai multe tarife: {pairs}",
  "reason.PRODUCTS_UNUSED": "fare_products.txt nu se folosește fără fare_leg_rules.txt",
  "reason.NO_FARES": "nu există tarife: nimic nu va fi la vânzare",
  "reason.FARES_ANYWHERE": "de oriunde până oriunde",
  "reason.FARES_FROM": "din „{origin}” până oriunde",
  "reason.FARES_TO": "de oriunde până la „{destination}”",
  "reason.FARES_BETWEEN": "din „{origin}” până la „{destination}”",
  "reason.FARES_OF_ROUTE": "ruta „{route}”",
  "reason.FARES_REDUCED": "{fares}: doar pentru unii pasageri, deci aici nu există tarif pentru adulți",
  "reason.FARES_UNREAD": "{fares}: nu se vinde, {file}, rândul {line} nu poate fi citit",
  "reason.FARES_ZERO": "{fares}: nu se vinde, un preț de 0 nu este acceptat",
  "reason.FARES_UNCLEAR": "{fares}: nu este clar care este tariful pentru adulți; nu se vinde",
  "reason.HIGHEST_FARE": "{fares}: nu este clar care este tariful pentru adulți; se folosește cel mai mare, {used}",
  "reason.LOWEST_FARE": "{fares}: nu este clar care este tariful pentru adulți; se folosește cel mai mic, {used}",
  "reason.FARE_BY_NAME": "{fares}: se folosește {used}, după numele tarifelor sau categoriile de pasageri",
  "reason.FARES_NOT_COMPARED":
    "{fares}: se consideră un singur tarif în mai multe monede; nu există curs pentru comparație",
  "reason.FARE_MORE_SPECIFIC": "se aplică {fare}, fiindcă este mai precis decât tariful mai mare {other}",
  "reason.FARES_EQUAL": "{fare} și {other}: niciunul nu este mai precis; nu se vinde",
  "reason.HIGHER_FARE": "{fare} și {other}: niciunul nu este mai precis; se aplică cel mai mare",
} satisfies Translation<typeof en>;
