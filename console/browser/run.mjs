// Runs the tests of the browser: the audits, which use processors, beside the journeys, which mostly wait; then, one after
// another, the journeys that would disturb others. Every `*.test.mjs` is run.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Audits of every page, which take about as long as all other files. */
const AUDITS = ["axe.test.mjs"];

/** They end sessions of others, stop processes, publish timetables, fill the lists, or measure time. */
const ALONE = ["outage.test.mjs", "session.test.mjs", "tasks.test.mjs", "timetable.test.mjs", "volume.test.mjs"];

/** Runs files one after another; resolves with whether all passed, and what was printed: failures at its end. */
function run(files) {
  const options = ["--test", "--test-concurrency=1", "--test-reporter=spec"];
  const child = spawn(process.execPath, [...options, ...files.map((file) => folder + file)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const parts = [];
  child.stdout.on("data", (part) => parts.push(part));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ isPassed: code === 0, output: Buffer.concat(parts) }));
  });
}

const found = readdirSync(folder).filter((file) => file.endsWith(".test.mjs"));
const journeys = found.filter((file) => !AUDITS.includes(file) && !ALONE.includes(file));
const runs = await Promise.all([run(AUDITS), run(journeys)]);
runs.push(await run(ALONE));
// What failed comes last, where a reader looks first.
runs.sort((a, b) => Number(b.isPassed) - Number(a.isPassed));
runs.forEach(({ output }) => process.stdout.write(output));
process.exitCode = runs.every(({ isPassed }) => isPassed) ? 0 : 1;
