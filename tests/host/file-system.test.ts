import { beforeEach, describe, expect, it } from "vitest";
import type { Disk, DiskNode } from "../../src/host/disk.ts";
import { byteLength, createDisk, normalisePath } from "../../src/host/file-system.ts";
import { Simulation } from "../../src/kernel/simulation.ts";

let disk: Disk;
beforeEach(() => {
  disk = createDisk(new Simulation({ seed: 1 }), () => 1_700_000_000);
});

const link = (target: string): Omit<DiskNode, "version"> => ({
  kind: "link",
  text: null,
  bytes: 0,
  target,
  mode: 0o777,
  owner: "root",
  group: "root",
  mtime: 0,
});

describe("the disk", () => {
  it("makes the directories on the way to a file", () => {
    disk.write("/srv/shop/a.txt", "hello");
    expect(disk.stat("/srv/shop")).toMatchObject({ kind: "directory", mode: 0o755 });
    expect(disk.open("/srv/shop/a.txt")).toMatchObject({
      text: "hello",
      bytes: 5,
      owner: "root",
      mtime: 1_700_000_000,
    });
    expect(disk.list("/srv")).toEqual(["shop"]);
  });

  it("answers with the kernel's errors", () => {
    disk.write("/srv/a.txt", "x", { mode: 0o600 });
    expect(disk.stat("/srv/missing")).toEqual({ error: "ENOENT" });
    expect(disk.stat("/srv/a.txt/b")).toEqual({ error: "ENOTDIR" });
    expect(disk.open("/srv/a.txt", "www-data")).toEqual({ error: "EACCES" });
    expect(disk.stat(`/srv/${"x".repeat(300)}`)).toEqual({ error: "ENAMETOOLONG" });
  });

  it("needs search permission on every directory, also for a file that is missing", () => {
    disk.write("/srv/private/a.txt", "x");
    disk.chmod("/srv/private", 0o700);
    expect(disk.stat("/srv/private/a.txt", "www-data")).toEqual({ error: "EACCES" });
    expect(disk.stat("/srv/private/b.txt", "www-data")).toEqual({ error: "EACCES" });
    expect(disk.stat("/srv/private/a.txt", "root")).toMatchObject({ kind: "file" });
  });

  it("follows links, relative ones too, and notices a circle", () => {
    disk.write("/srv/real/a.txt", "x");
    disk.put("/srv/current", link("real"));
    disk.put("/srv/round", link("/srv/round"));
    expect(disk.open("/srv/current/a.txt")).toMatchObject({ text: "x" });
    expect(disk.stat("/srv/round")).toEqual({ error: "ELOOP" });
  });

  it("moves and removes whole directories", () => {
    disk.write("/var/log/app/one.log", "1");
    disk.rename("/var/log/app", "/var/log/old");
    expect(disk.list("/var/log")).toEqual(["old"]);
    expect(disk.open("/var/log/old/one.log")).toMatchObject({ text: "1" });
    expect(disk.remove("/var/log/old")).toBe(true);
    expect(disk.stat("/var/log/old/one.log")).toEqual({ error: "ENOENT" });
  });
});

describe("paths and lengths", () => {
  it.each([
    ["/a//b/./c/../d", "/a/b/d"],
    ["/../..", "/"],
    ["a/b/", "/a/b"],
  ])("%s is %s", (path, clean) => {
    expect(normalisePath(path)).toBe(clean);
  });
  it("counts UTF-8 bytes", () => {
    for (const text of ["abc", "ä", "€", "😀", "a€😀"])
      expect(byteLength(text)).toBe(new TextEncoder().encode(text).length);
  });
});
