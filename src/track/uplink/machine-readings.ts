import { readFileSync, readdirSync, statfsSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import type { Item } from '../wire/wandb-record.ts';

const MB = 1024 * 1024;
const GB = 1024 * MB;
const SECTOR_BYTES = 512;

/**
 * Readings of this machine and process under W&B's names (`cpu`, `memory_percent`, `network.sent`, …): rates and counts since the
 * last reading or the first. CPU in percent, sizes as the names say, network and disk traffic since the start in bytes and MB.
 * What a system does not tell is left out.
 */
export class MachineReadings {
  readonly #folder: string;
  #cpu = cpuTimes();
  readonly #firstTraffic = networkBytes();
  readonly #firstDisk = diskBytes();

  /** `folder`: lies on the disk whose usage is told. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Blocks for a few reads of system files. */
  read(): Item[] {
    const values: Record<string, number> = {};
    const cpu = cpuTimes();
    const spent = cpu.total - this.#cpu.total;
    if (spent > 0) values['cpu'] = 100 * (1 - (cpu.idle - this.#cpu.idle) / spent);
    this.#cpu = cpu;

    const available = availableMemory();
    const { rss } = process.memoryUsage();
    values['memory_percent'] = 100 * (1 - available / totalmem());
    values['proc.memory.availableMB'] = available / MB;
    values['proc.memory.rssMB'] = rss / MB;
    values['proc.memory.percent'] = (100 * rss) / totalmem();
    const threads = threadCount();
    if (threads !== null) values['proc.cpu.threads'] = threads;

    const traffic = networkBytes();
    if (traffic && this.#firstTraffic) {
      values['network.sent'] = traffic.sent - this.#firstTraffic.sent;
      values['network.recv'] = traffic.received - this.#firstTraffic.received;
    }
    const disk = diskBytes();
    if (disk && this.#firstDisk) {
      values['disk.in'] = (disk.read - this.#firstDisk.read) / MB;
      values['disk.out'] = (disk.written - this.#firstDisk.written) / MB;
    }
    const usage = diskUsage(this.#folder);
    if (usage) {
      values['disk./.usageGB'] = usage.used / GB;
      values['disk./.usagePercent'] = (100 * usage.used) / usage.total;
    }
    return Object.entries(values).map(([name, value]) => ({ path: [name], json: String(value) }));
  }
}

function cpuTimes(): { idle: number; total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}

/** What programs could still have; free memory alone would count caches as used. */
function availableMemory(): number {
  const kilobytes = /^MemAvailable:\s+(\d+)/m.exec(readOrEmpty('/proc/meminfo'))?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}

function threadCount(): number | null {
  try {
    return readdirSync('/proc/self/task').length;
  } catch {
    return null;
  }
}

/** Over all devices but the loopback; proc_net_dev: received bytes are the first figure of a line, sent ones the ninth. */
function networkBytes(): { sent: number; received: number } | null {
  const lines = readOrEmpty('/proc/net/dev').split('\n').slice(2);
  const sums = { sent: 0, received: 0 };
  for (const line of lines) {
    const [name = '', figures = ''] = line.split(':');
    const counts = figures.trim().split(/\s+/).map(Number);
    if (name.trim() === 'lo' || counts.length < 9) continue;
    sums.received += counts[0] ?? 0;
    sums.sent += counts[8] ?? 0;
  }
  return lines.length > 0 ? sums : null;
}

/** Over whole disks, as /proc/diskstats counts sectors read (third figure) and written (seventh); partitions would count twice. */
function diskBytes(): { read: number; written: number } | null {
  const lines = readOrEmpty('/proc/diskstats').split('\n');
  const sums = { read: 0, written: 0 };
  for (const line of lines) {
    const [, , name = '', ...counts] = line.trim().split(/\s+/);
    if (!/^(?:[shv]d[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/.test(name)) continue;
    sums.read += Number(counts[2]) * SECTOR_BYTES;
    sums.written += Number(counts[6]) * SECTOR_BYTES;
  }
  return lines.length > 1 ? sums : null;
}

function diskUsage(folder: string): { used: number; total: number } | null {
  try {
    const { blocks, bavail, bsize } = statfsSync(folder);
    return { total: blocks * bsize, used: (blocks - bavail) * bsize };
  } catch {
    return null;
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
