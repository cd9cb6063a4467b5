// Runs the tests in a browser, several files at a time, and says how long each file and the slowest tests took:
// `npm run browser`, with names of files for these only.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** Files that run at the same time. */
const TOGETHER = 2;
/** The slowest tests that are named. */
const SLOWEST = 5;

/**
 * Files that change what others rely on, so that nothing runs beside them: permissions of a partner; processes and
 * Redis; the terms and the discounts of the company; its timetable; and all of the processors, to sell 5,000 orders.
 */
const ALONE = ["races", "outage", "rules", "timetable", "volume"].map((name) => `${name}.test.mjs`);

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Runs a file of tests in a process of its own, and prints its output when it has ended. */
function run(file) {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(process.execPath, ["--test-reporter=spec", `${folder}${file}`]);
    let output = "";
    const add = (text) => (output += text);
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", add);
    child.on("close", (code) => {
      console.log(`${file}\n${output}`);
      resolve({ file, output, hasFailed: code !== 0, seconds: (performance.now() - start) / 1000 });
    });
  });
}

/** Runs files in their order, so many at a time. */
async function runAll(files, together) {
  const [left, results] = [[...files], []];
  const work = async () => {
    while (left.length > 0) results.push(await run(left.shift()));
  };
  await Promise.all(Array.from({ length: together }, work));
  return results;
}

/** The tests of a file with their seconds, without the suites that contain others. */
function testsOf({ file, output }) {
  // Failures are repeated after this line.
  const [told] = output.split("✖ failing tests:");
  const suites = [...told.matchAll(/^ *▶ (.+)$/gm)].map(([, name]) => name);
  return [...told.matchAll(/^ *[✔✖] (.+) \((\d+(?:\.\d+)?)ms\)/gm)]
    .filter(([, name]) => !suites.includes(name))
    .map(([, name, ms]) => ({ what: `${file}: ${name}`, seconds: Number(ms) / 1000 }));
}

/** Prints a table, the longest first, of at most so many rows. */
function print(title, rows, most = rows.length) {
  console.log(title);
  const sorted = rows.toSorted((one, other) => other.seconds - one.seconds).slice(0, most);
  for (const { what, seconds } of sorted) console.log(`${seconds.toFixed(1).padStart(8)}  ${what}`);
}

const named = process.argv.slice(2).map((path) => basename(path));
const files = readdirSync(folder).filter((file) => file.endsWith(".test.mjs")).sort();
for (const name of [...ALONE, ...named]) if (!files.includes(name)) throw new Error(`${name} is no file of tests`);
const chosen = files.filter((file) => named.length === 0 || named.includes(file));
const start = performance.now();
const results = [
  ...(await runAll(chosen.filter((file) => !ALONE.includes(file)), TOGETHER)),
  ...(await runAll(chosen.filter((file) => ALONE.includes(file)), 1)),
];
const all = ((performance.now() - start) / 1000).toFixed(0);
const seconds = results.map(({ file, seconds }) => ({ what: file, seconds }));
print(`Seconds of each file, ${TOGETHER} at a time, ${all} in all:`, seconds);
print("Seconds of the slowest tests:", results.flatMap(testsOf), SLOWEST);
// Last, since readers of a long log see its end.
const failed = results.filter(({ hasFailed }) => hasFailed);
for (const { file, output } of failed) {
  const from = output.indexOf("✖ failing tests:");
  console.log(`\n── failed: ${file}\n${from < 0 ? output : output.slice(from)}`);
}
process.exitCode = failed.length > 0 ? 1 : 0;
