/** What the URLs of databases, of Redis and of buckets must look like, and how they may be shown. */

/** The schemes of a setting's URL, and what such a URL looks like. */
const URLS = {
  PARTERRE_DATABASE: { schemes: ["postgres:", "postgresql:"], like: "postgres://user:password@host:5432/database" },
  PARTERRE_REDIS: { schemes: ["redis:", "rediss:"], like: "redis://user:password@host:6379/0" },
  PARTERRE_ASSETS: { schemes: ["s3:"], like: "s3://bucket/prefix" },
} as const;

/** A setting whose value is a URL. */
export type UrlSetting = keyof typeof URLS;

/** The rule that the value of a setting breaks; undefined if it is such a URL. */
export function urlRule(name: UrlSetting, value: string): string | undefined {
  const { schemes, like } = URLS[name];
  const url = URL.parse(value);
  const fits = url !== null && schemes.some((scheme) => scheme === url.protocol) && url.hostname !== "";
  return fits ? partsRule(name, url) : `must be a URL such as ${like}`;
}

/** The rule that a part of such a URL breaks, which would else be overlooked, or end the start without naming the setting. */
function partsRule(name: UrlSetting, url: URL): string | undefined {
  const { username, password, port, pathname, search, searchParams, hash } = url;
  if ([username, password, pathname].some((part) => !isEncoded(part))) {
    return "must have each % written as %25, unless it begins the code of a character";
  }
  if (hash !== "") return "must have nothing behind a #, which in a password is written as %23";
  switch (name) {
    case "PARTERRE_ASSETS":
      if (username + password + port + search === "") return undefined;
      return "must be a bucket and what keys begin with, and nothing else: AWS's variables have the rest";
    case "PARTERRE_REDIS":
      if (/^(\/\d*)?$/.test(pathname) && !searchParams.has("db")) return undefined;
      return "must end with the number of a database, such as /0";
    case "PARTERRE_DATABASE":
      return undefined;
  }
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A URL, or what was to be one, that may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/.*@/, "//***@");
}
