// Lines of a web server's access log (Apache/nginx "combined"), about 250 bytes each, and the fields they parse to.
'use strict';

const { Random } = require('./random');

const CLIENTS = 4000;
const ITEMS = 20_000;
const METHODS = ['GET', 'GET', 'GET', 'GET', 'GET', 'POST', 'GET', 'PUT', 'HEAD', 'DELETE'];
const STATUS = [200, 200, 200, 200, 304, 200, 301, 404, 200, 500];
const PATHS = [
  (random) => `/products/${random.below(ITEMS)}`,
  (random) => `/static/js/app.${random.pick(['4f9a1c', '88be02', '0d17f3'])}.js`,
  (random) => `/api/v1/orders/${random.below(1_000_000)}?expand=items`,
  (random) => `/search?q=${random.pick(['shoes', 'lamp', 'desk', 'chair', 'coat'])}&page=${random.below(40)}`,
  () => '/',
  (random) => `/images/products/${random.below(ITEMS)}/large.webp`,
  (random) => `/api/v1/users/${random.below(50_000)}/cart`,
  () => '/login',
  () => '/favicon.ico',
];
const REFERERS = [
  () => '-',
  (random) => `https://shop.example.com/products/${random.below(ITEMS)}`,
  () => 'https://shop.example.com/',
  () => 'https://www.google.com/',
  (random) => `https://shop.example.com/search?q=${random.pick(['shoes', 'lamp', 'desk'])}`,
];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Milliseconds since the Unix epoch of the first line. */
const START = Date.UTC(2026, 2, 12, 9, 0, 0);
/** Milliseconds between two lines on average are half of that: about 250 a second. */
const MAX_PAUSE_MS = 8;

const FIELDS = ['remote_addr', 'time', 'method', 'path', 'status', 'bytes', 'referer', 'user_agent', 'message'];

function userAgents() {
  const chrome = [118, 119, 120, 121, 122, 123, 124].flatMap((version) =>
    [
      'Windows NT 10.0; Win64; x64',
      'Macintosh; Intel Mac OS X 10_15_7',
      'X11; Linux x86_64',
      'Linux; Android 10; K',
    ].map(
      (system) =>
        `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
    ),
  );
  const safari = ['16_6', '17_1', '17_3', '17_4'].map(
    (version) =>
      `Mozilla/5.0 (iPhone; CPU iPhone OS ${version} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1`,
  );
  const firefox = [115, 121, 122, 123].map(
    (v) => `Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:${v}.0) Gecko/20100101 Firefox/${v}.0`,
  );
  return [
    ...chrome,
    ...safari,
    ...firefox,
    'curl/8.5.0',
    'Go-http-client/1.1',
    'Mozilla/5.0 (compatible; Googlebot/2.1)',
  ];
}

/** Makes one line after the other. */
class AccessLog {
  #random;
  #time = START;
  #clients;
  #userAgents = userAgents();

  constructor(seed) {
    const random = new Random(seed);
    this.#random = random;
    this.#clients = Array.from(
      { length: CLIENTS },
      () => `${random.below(223) + 1}.${random.below(256)}.${random.below(256)}.${random.below(256)}`,
    );
  }

  /** The next record's fields, all of `FIELDS`. */
  next() {
    const random = this.#random;
    this.#time += random.below(MAX_PAUSE_MS + 1);
    const remoteAddr = random.pickSkewed(this.#clients);
    const time = commonLogTime(this.#time);
    const method = random.pick(METHODS);
    const path = random.pickSkewed(PATHS)(random);
    const status = String(random.pickSkewed(STATUS));
    const bytes = String(status === '304' ? 0 : random.longTail(6000));
    const referer = random.pick(REFERERS)(random);
    const userAgent = random.pickSkewed(this.#userAgents);
    const message = `${remoteAddr} - - [${time}] "${method} ${path} HTTP/1.1" ${status} ${bytes} "${referer}" "${userAgent}"`;
    return { remote_addr: remoteAddr, time, method, path, status, bytes, referer, user_agent: userAgent, message };
  }
}

function commonLogTime(milliseconds) {
  const at = new Date(milliseconds);
  const two = (value) => String(value).padStart(2, '0');
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  return `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}

module.exports = { AccessLog, FIELDS };
