// No-op jobs through BullMQ, for `./dev bench queue`. Usage: node bullmq.mjs PORT throughput|latency JOBS
import { Queue, Worker } from "bullmq";

// Also as the first process of a container, where the signals would be ignored.
process.on("SIGTERM", () => process.exit(143));
process.on("SIGINT", () => process.exit(130));

// Jobs added at a time, for throughput.
const BATCH = 1000;
// Milliseconds between two jobs, and jobs that are not counted, for latency.
const PACE = 5;
const WARM_UP = 20;

const [port, mode, count] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
const connection = { host: "127.0.0.1", port, maxRetriesPerRequest: null };
const queue = new Queue("bench", { connection, defaultJobOptions: { removeOnComplete: true } });
await queue.waitUntilReady();

const now = () => performance.timeOrigin + performance.now();
const bulk = (from, n) =>
  queue.addBulk(Array.from({ length: n }, (_, i) => ({ name: "noop", data: { id: from + i } })));

function fail(error) {
  console.error(error);
  process.exit(1);
}

function worker(handle, total) {
  let finished = 0;
  let over;
  const done = new Promise((resolve) => (over = resolve));
  const instance = new Worker("bench", handle, { connection, concurrency: 50, autorun: false });
  instance.on("completed", () => {
    finished += 1;
    if (finished === total) over();
  });
  instance.on("failed", (_, error) => fail(error));
  instance.on("error", fail);
  return { instance, done };
}

async function throughput() {
  const { instance, done } = worker(async () => {}, count);
  await instance.waitUntilReady();
  const start = now();
  for (let i = 0; i < count; i += BATCH) await bulk(i, Math.min(BATCH, count - i));
  const filled = now();
  instance.run().catch(fail);
  await done;
  const end = now();
  const perSecond = (milliseconds) => Math.round(count / (milliseconds / 1000));
  return {
    enqueue_per_s: perSecond(filled - start),
    drain_per_s: perSecond(end - filled),
    total_per_s: perSecond(end - start),
  };
}

async function latency() {
  const waits = [];
  const note = async ({ data }) => {
    if (data.at) waits.push(now() - data.at);
  };
  const { instance, done } = worker(note, WARM_UP + count);
  await instance.waitUntilReady();
  instance.run().catch(fail);
  for (let i = 0; i < WARM_UP + count; i += 1) {
    await queue.add("noop", i < WARM_UP ? {} : { at: now() });
    await new Promise((resolve) => setTimeout(resolve, PACE));
  }
  await done;
  waits.sort((a, b) => a - b);
  const at = (share) => Number(waits[Math.ceil(share * waits.length) - 1].toFixed(2));
  return { p50_ms: at(0.5), p90_ms: at(0.9), p99_ms: at(0.99), max_ms: at(1) };
}

const measure = { throughput, latency }[mode] ?? fail(`there is no mode ${mode}`);
console.log(JSON.stringify(await measure()));
// What the worker still waits for in Redis ends with the process.
process.exit(0);
