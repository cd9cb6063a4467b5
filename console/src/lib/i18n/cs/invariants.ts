/** Czech: what breaks the rules that always hold. */
import type en from "../en/invariants";
import type { Translation } from "../translation";

export default {
  "invariant.seat_sold_twice": "Dvě jízdenky zabírají jedno sedadlo na překrývajících se úsecích téhož spoje.",
  "invariant.doubtful_run_on_sale":
    "Spoj, který se možná už dříve prodával, je v prodeji, ačkoli o něm nebylo rozhodnuto.",
  "invariant.ticket_without_seat": "Otevřená nebo potvrzená jízdenka nezabírá své sedadlo na svém spoji.",
  "invariant.seat_not_on_bus": "Jízdenka byla prodána na sedadlo, které její autobus nemá.",
  "invariant.expired_ticket_holds_seat": "Jízdenka, která nebyla včas zaplacena, stále zabírá sedadlo.",
  "invariant.ended_ticket_holds_seat": "Zrušená, vrácená nebo odmítnutá jízdenka stále zabírá sedadlo.",
  "invariant.ticket_without_history": "Chybí první záznam historie jízdenky.",
  "invariant.history_differs": "Poslední záznam v historii jízdenky uvádí jiný stav, než jízdenka má.",
  "invariant.history_impossible": "Záznam v historii jízdenky nemůže následovat po předchozím záznamu.",
  "invariant.boarding_time_differs":
    "Čas nástupu na jízdence se liší od času spoje nebo od času v rezervaci, nebo spoj nezastavuje tam, kde cestující vystupuje.",
  "invariant.ticket_of_another":
    "Jízdenka patří jinému partnerovi než její rezervace nebo jiné společnosti než její linka.",
  "invariant.ticket_state_impossible": "Stav jízdenky a stav její platby tvoří dvojici, ke které nevede žádná akce.",
  "invariant.ticket_amount_impossible":
    "Cena, záloha nebo vrácená částka odporují stavu jízdenky nebo si navzájem odporují.",
  "invariant.ticket_without_terms": "Jízdenka nemá slova pro vyhledávání, takže ji společnost nemůže najít.",
  "invariant.event_without_message":
    "O události jízdenky neexistuje zpráva, ačkoli cestujícího lze kontaktovat.",
  "invariant.booking_without_ticket": "Rezervace nemá žádnou jízdenku nebo je chybně označena jako prázdná.",
  "invariant.partner_counts_differ": "Uložený počet rezervací nebo jízdenek partnera je chybný.",
  "invariant.company_counts_differ": "Uložený počet jízdenek společnosti je chybný.",
  "invariant.message_without_job": "Zpráva nebyla odeslána a žádná úloha ji neodešle.",
  "invariant.message_state_impossible":
    "Zpráva je označena jako odeslaná, ale bez času odeslání nebo bez jediného pokusu, nebo se týká jiné jízdenky či události než její záznam v historii.",
  "invariant.job_sent_not_recovered": "Úloha se ztratila v Redisu a nebyla odeslána znovu.",
  "invariant.job_running_without_process": "Úlohu drží proces, který už neběží.",
  "invariant.job_running_past_deadline": "Úloha je stále držena, ačkoli její lhůta vypršela.",
  "invariant.job_time_in_future":
    "Čas odeslání nebo převzetí úlohy, případně poslední známky života jejího procesu, leží v budoucnosti: úlohu nic neobnoví.",
  "invariant.job_dead_without_error": "Úloha definitivně selhala a důvod není zaznamenán.",
  "invariant.job_state_impossible":
    "Úloze chybí, co její stav vyžaduje, nebo má to, co patří k jinému stavu, byla provedena dvakrát nebo čeká v neznámé frontě.",
  "invariant.report_without_job": "Přehled není dokončen a žádná úloha ho nedokončí.",
  "invariant.report_state_impossible": "Přehled je hotový, ale bez souboru, nebo se nepodařil, ale bez důvodu.",
  "invariant.report_without_file": "Soubor hotového přehledu v úložišti není, nebo tam má jinou velikost.",
  "invariant.upload_without_job": "Jízdní řád se kontroluje nebo zveřejňuje, ale žádná úloha to nedělá.",
  "invariant.upload_state_impossible":
    "Jízdní řád byl zkontrolován nebo zveřejněn bez toho, co z toho plyne, nebo pokus selhal, ale bez důvodu.",
  "invariant.upload_without_file": "Archiv nahraného jízdního řádu v úložišti není, nebo tam má jinou velikost.",
} satisfies Translation<typeof en>;
