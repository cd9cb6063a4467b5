// People join by invitation, change roles and leave, and each has an account page, on a running platform (settings as
// in .dev/env).
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { audit, change, company, journeys, LANGUAGES, mailedToken, openAs, partner, setting, signIn } from "./support.mjs";

const visit = journeys();
after(dismissAll);

const PASSWORD = "a synthetic sentence";
let count = 0;
/** Not like the addresses of members.mjs, whose people are still needed when this file has ended. */
const address = () => `guest-${Date.now()}-${count++}@prexsell.example`;

const UK = {
  people: "Люди",
  invite: "Запросити",
  email: "Електронна пошта",
  dispatcher: "Диспетчер",
  accountant: "Бухгалтер",
  manager: "Менеджер",
  accept: "Прийняти запрошення",
  first: "Імʼя",
  last: "Прізвище",
  password: "Пароль",
  join: "Прийняти й увійти",
  sent: "Лист надіслано",
  over: "Запрошення вже прийнято",
  change: "Змінити роль",
  withdraw: "Закрити доступ",
  orders: "Замовлення",
  reports: "Звіти",
};
const EN = {
  people: "People",
  invite: "Invite",
  email: "E-mail",
  dispatcher: "Dispatcher",
  accountant: "Accountant",
  manager: "Manager",
  accept: "Accept the invitation",
  first: "First name",
  last: "Last name",
  password: "Password",
  join: "Accept and sign in",
  sent: "E-mail sent",
  over: "The invitation was accepted",
  change: "Change role",
  withdraw: "Withdraw access",
  orders: "Orders",
  reports: "Reports",
};

/** Invites an address on the page of people, and returns the token from the mail. */
async function invite(page, words, email, role) {
  await page.getByRole("button", { name: words.invite }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: words.email }).fill(email);
  await dialog.getByRole("radio", { name: role }).check();
  const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
  await dialog.getByRole("button", { name: words.invite }).click();
  const { data } = await (await answered).json();
  await page.getByRole("listitem").filter({ hasText: email }).getByText(words.sent).waitFor();
  return mailedToken(data.invitation.id);
}

/** Accepts an invitation as a new user, who is then in the console. */
async function join(page, words, token, lastName) {
  await page.goto(`/console/invitation#${token}`);
  await page.getByRole("heading", { level: 1, name: /SYNTHETIC/ }).waitFor();
  await audit(page, "an invitation");
  await page.getByRole("button", { name: words.accept }).click();
  await page.getByRole("textbox", { name: words.first }).fill("Synthetic");
  await page.getByRole("textbox", { name: words.last }).fill(lastName);
  await page.getByRole("textbox", { name: words.password }).fill(PASSWORD);
  await audit(page, "somebody new");
  await page.getByRole("button", { name: words.join }).click();
  await page.locator("main#content h1").waitFor();
}

/** Removes the people of these journeys from the demo's company. */
async function dismissAll() {
  const api = setting("API_URL");
  const headers = { "content-type": "application/json", origin: api };
  const body = JSON.stringify(company());
  const entered = await fetch(`${api}/v2/auth/login`, { method: "POST", headers, body });
  headers.cookie = entered.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
  const { data } = await (await fetch(`${api}/v2/people?take=100`, { headers })).json();
  const ours = data.people.filter(({ email }) => email.startsWith("guest-"));
  for (const { id } of ours) await fetch(`${api}/v2/people/${id}`, { method: "DELETE", headers });
}

const sections = (page) => page.getByRole("navigation").getByRole("link").allInnerTexts();

for (const [locale, words] of [
  ["uk", UK],
  ["en-GB", EN],
]) {
  test(`somebody is invited, comes, gets another role and leaves (${locale})`, async () => {
    const email = address();
    const name = `Journey ${email.slice(6, 21)}`;
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/people", company());
      const token = await invite(page, words, email, words.dispatcher);
      // The API answers with 400 that there is no account yet.
      await visit({ locale, expected: /status of 4(00|10)/ }, async (guest) => {
        await join(guest, words, token, name);
        assert.ok((await sections(guest)).includes(words.orders));
        assert.ok(!(await sections(guest)).includes(words.people));

        const person = page.getByRole("listitem").filter({ hasText: email });
        await page.reload();
        await person.getByRole("button", { name: words.change }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("radio", { name: words.accountant }).check();
        await dialog.getByRole("button", { name: words.change }).click();
        await person.getByText(words.accountant).waitFor();
        await guest.reload();
        await guest.getByRole("navigation").getByRole("link", { name: words.reports }).waitFor();
        assert.ok(!(await sections(guest)).includes(words.orders));

        await person.getByRole("button", { name: words.withdraw }).click();
        await page.getByRole("dialog").getByRole("button", { name: words.withdraw }).click();
        await person.waitFor({ state: "detached" });
        await guest.reload();
        await guest.locator("#email").waitFor();

        // The link works only once.
        await guest.goto(`/console/invitation#${token}`);
        await guest.getByRole("heading", { level: 1, name: words.over }).waitFor();
      });
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  const words = say(UK, EN);
  test(`somebody who has an account accepts with its password, also where another one is signed in (${locale})`, async () => {
    const email = address();
    await visit({ locale }, async (page) => {
      await openAs(page, "/console/people", company());
      const first = await invite(page, words, email, words.accountant);
      await visit({ locale, expected: /status of 400/ }, (guest) => join(guest, words, first, "Known"));
      await visit({ locale }, async (admin) => {
        await openAs(admin, "/console/people", partner());
        const second = await invite(admin, words, email, words.manager);
        // The browser in which the company's administrator is signed in.
        await page.goto(`/console/invitation#${second}`);
        await page.getByRole("button", { name: words.accept }).click();
        await page.getByText(say(`Тут увійшов користувач ${company().email}.`, `${company().email} is signed in here.`)).waitFor();
        await audit(page, "accepted");
        await page.getByRole("textbox", { name: say("Пароль", "Password") }).fill("not the password");
        await page.getByRole("button", { name: say("Увійти", "Sign in") }).click();
        await page.getByText(say("Неправильна пошта або пароль.", "E-mail or password is wrong.")).waitFor();
        await page.getByRole("textbox", { name: say("Пароль", "Password") }).fill(PASSWORD);
        await page.getByRole("button", { name: say("Увійти", "Sign in") }).click();
        await page.getByRole("heading", { level: 1, name: say("Використання API", "Usage of the API") }).waitFor();
        assert.deepEqual(await sections(page), say(["Використання", "Перехід"], ["Usage", "Migration"]));

        await admin.reload();
        const person = admin.getByRole("listitem").filter({ hasText: email });
        await person.getByRole("button", { name: words.withdraw }).click();
        await admin.getByRole("dialog").getByRole("button", { name: words.withdraw }).click();
        await person.waitFor({ state: "detached" });
      });
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  const words = say(UK, EN);
  test(`an invitation that was withdrawn, and a link that is cut, say so (${locale})`, async () => {
    const email = address();
    await visit({ locale, expected: /status of 4(04|10)/ }, async (page) => {
      await openAs(page, "/console/people", company());
      const token = await invite(page, words, email, words.manager);
      const invitation = page.getByRole("listitem").filter({ hasText: email });
      await invitation.getByRole("button", { name: say("Відкликати", "Withdraw") }).click();
      await page.getByRole("dialog").getByRole("button", { name: say("Відкликати", "Withdraw") }).click();
      await invitation.waitFor({ state: "detached" });
      for (const [hash, title] of [
        [`#${token}`, say("Запрошення відкликано", "The invitation was withdrawn")],
        [`#${token.slice(0, -9)}`, say("Такого запрошення немає", "There is no such invitation")],
        ["", say("Посилання неповне", "The link is incomplete")],
      ]) {
        await page.goto("about:blank");
        await page.goto(`/console/invitation${hash}`);
        await page.getByRole("heading", { level: 1, name: title }).waitFor();
        await audit(page, title);
      }
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  const words = say(UK, EN);
  test(`the only administrator stays one, and the page says why (${locale})`, async () => {
    await visit({ locale, expected: /status of 409/ }, async (page) => {
      await openAs(page, "/console/people", company());
      const { email } = company();
      const admin = page.getByRole("listitem").filter({ hasText: email });
      await admin.getByText(say("Єдиний адміністратор", "The only administrator")).waitFor();
      assert.equal(await admin.getByRole("button").count(), 0);
      // Where the page cannot know it, the API refuses.
      await change(page, "/v2/people?*", (data) => {
        data.people.push({ ...data.people[0], id: "usr_other", email: "other@prexsell.example", role: "ADMIN" });
      });
      await page.reload();
      await admin.getByRole("button", { name: words.change }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("radio", { name: words.manager }).check();
      await dialog.getByRole("button", { name: words.change }).click();
      await dialog.getByText(say("Спершу зробіть адміністратором когось іншого.", "Make another person an administrator first.")).waitFor();
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  const words = say(UK, EN);
  test(`an address that works here already is not invited (${locale})`, async () => {
    await visit({ locale, expected: /status of 400/ }, async (page) => {
      await openAs(page, "/console/people", company());
      await page.getByRole("button", { name: words.invite }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox", { name: words.email }).fill(company().email);
      await dialog.getByRole("button", { name: words.invite }).click();
      await dialog.getByText(say("Ця людина тут уже працює.", "This person already works here.")).waitFor();
      await audit(page, "invite");
    });
  });
}

for (const [locale, say] of LANGUAGES) {
  const words = say(UK, EN);
  test(`sessions are listed and ended, and a changed password ends the others (${locale})`, async () => {
    const email = address();
    await visit({ locale, expected: /status of 400/ }, async (page) => {
      await openAs(page, "/console/people", company());
      const token = await invite(page, words, email, words.accountant);
      await visit({ locale, expected: /status of 400/ }, async (other) => {
        await join(other, words, token, "Sessions");
        await page.getByRole("button", { name: say("Обліковий запис і налаштування", "Account and settings") }).click();
        await page.getByRole("button", { name: say("Вийти", "Sign out") }).click();
        await page.locator("#email").waitFor();
        const own = { email, password: PASSWORD };
        await page.goto("/console/account");
        await signIn(page, own);
        const sessions = page.getByRole("region", { name: say("Сеанси", "Sessions") });
        await sessions.getByText(say("Цей", "This one")).waitFor();
        await sessions.getByRole("button", { name: say(/^Завершити /, /^End /) }).first().waitFor();
        assert.equal(await sessions.getByRole("listitem").count(), 2);
        await sessions.getByRole("button", { name: say(/^Завершити .*Chrome/, /^End .*Chrome/) }).click();
        await page.getByRole("dialog").getByRole("button", { name: say("Завершити", "End") }).click();
        await page.getByText(say("Сеанс завершено.", "The session has ended.")).waitFor();
        await sessions.getByRole("button", { name: say(/^Завершити /, /^End /) }).first().waitFor({ state: "detached" });
        assert.equal(await sessions.getByRole("listitem").count(), 1);
        await other.reload();
        await signIn(other, own);

        await page.getByRole("button", { name: say("Змінити пароль", "Change password") }).click();
        const dialog = page.getByRole("dialog");
        await audit(page, "change password");
        assert.equal(await page.evaluate(() => document.activeElement?.autocomplete), "current-password");
        await dialog.getByRole("textbox", { name: say("Теперішній пароль", "Current password") }).fill("not it");
        await dialog.getByRole("textbox", { name: say("Новий пароль", "New password") }).fill("another synthetic sentence");
        await dialog.getByRole("button", { name: say("Змінити пароль", "Change password") }).click();
        await dialog.getByText(say("Теперішній пароль неправильний.", "The current password is wrong.")).waitFor();
        await dialog.getByRole("textbox", { name: say("Теперішній пароль", "Current password") }).fill(PASSWORD);
        await dialog.getByRole("button", { name: say("Змінити пароль", "Change password") }).click();
        await page.getByText(say("Пароль змінено.", "Password changed.")).waitFor();
        await other.reload();
        await signIn(other, { email, password: "another synthetic sentence" });
        await page.reload();
        await page.getByRole("button", { name: say("Завершити всі інші", "End all others") }).click();
        await page.getByRole("dialog").getByRole("button", { name: say("Завершити всі інші", "End all others") }).click();
        await page.getByText(say("Усі інші сеанси завершено.", "All other sessions have ended.")).waitFor();
        await other.reload();
        await other.locator("#email").waitFor();
      });
    });
  });
}
