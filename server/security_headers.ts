/** What browsers are told to refuse on this server's behalf. */

/** The headers of every answer. Data is all that most are: should a browser show one as a page, it may do nothing. */
const HEADERS = {
  "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** The answer with these headers; those that it has itself stand. */
export function secured(response: Response, more: Readonly<Record<string, string>> = {}): Response {
  const headers = new Headers({ ...HEADERS, ...more });
  for (const [name, value] of response.headers) {
    if (name === "vary" && headers.has(name)) headers.append(name, value);
    else headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, headers });
}
