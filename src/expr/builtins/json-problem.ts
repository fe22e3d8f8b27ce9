import { showText } from '../syntax/show';
import { encodeUtf8 } from '../value/utf8';

/** A place in a text of JSON: what may stand there, and where it goes on. */
type Place = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'afterMember' | 'afterElement' | 'end';

const AFTER: ReadonlyMap<Place, string> = new Map<Place, string>([
  ['value', 'looking for beginning of value'],
  ['valueOrEnd', 'looking for beginning of value'],
  ['key', 'looking for beginning of object key string'],
  ['keyOrEnd', 'looking for beginning of object key string'],
  ['colon', 'after object key'],
  ['afterMember', 'after object key:value pair'],
  ['afterElement', 'after array element'],
  ['end', 'after top-level value'],
]);

const SPACE = 0x20;
const CUT_OFF = 'unexpected end of JSON input';

/** Why a text is not JSON, in the reference's words: the first character that cannot stand where it does. */
export function describeJsonProblem(text: string): string {
  return new JsonScanner(text).scan();
}

/** Walks the text by the grammar of RFC 8259, without recursion. */
class JsonScanner {
  readonly #text: string;
  readonly #open: ('{' | '[')[] = [];
  #at = 0;
  #place: Place = 'value';
  #problem: string | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): string {
    while (this.#problem === undefined) {
      while (' \t\r\n'.includes(this.#peek()) && this.#peek() !== '') this.#at++;
      if (this.#peek() === '') return CUT_OFF;
      this.#step(this.#peek());
    }
    return this.#problem;
  }

  #step(character: string): void {
    const isValue = this.#place === 'value' || this.#place === 'valueOrEnd';
    if (this.#place === 'valueOrEnd' && character === ']') this.#close();
    else if (isValue) this.#value(character);
    else if (this.#place === 'keyOrEnd' && character === '}') this.#close();
    else if ((this.#place === 'key' || this.#place === 'keyOrEnd') && character === '"') this.#string('colon');
    else if (this.#place === 'colon' && character === ':') this.#go('value');
    else if (this.#place === 'afterMember' && character === ',') this.#go('key');
    else if (this.#place === 'afterMember' && character === '}') this.#close();
    else if (this.#place === 'afterElement' && character === ',') this.#go('value');
    else if (this.#place === 'afterElement' && character === ']') this.#close();
    else this.#refuse(AFTER.get(this.#place) ?? '');
  }

  #value(character: string): void {
    if (character === '{' || character === '[') {
      this.#open.push(character);
      this.#go(character === '{' ? 'keyOrEnd' : 'valueOrEnd');
    } else if (character === '"') {
      this.#string(this.#behind());
    } else if (character === '-' || isDigit(character)) {
      this.#number();
    } else {
      const word = ['true', 'false', 'null'].find((literal) => literal.startsWith(character));
      if (word === undefined) this.#refuse(AFTER.get('value') ?? '');
      else this.#word(word);
    }
  }

  #word(word: string): void {
    for (const letter of word) {
      if (this.#peek() !== letter) return this.#refuse(`in literal ${word} (expecting '${letter}')`);
      this.#at++;
    }
    this.#place = this.#behind();
  }

  #number(): void {
    if (this.#peek() === '-') this.#at++;
    if (!isDigit(this.#peek())) return this.#refuse('in numeric literal');
    if (this.#peek() === '0') this.#at++;
    else this.#digits();
    if (this.#peek() === '.') {
      this.#at++;
      if (!isDigit(this.#peek())) return this.#refuse('after decimal point in numeric literal');
      this.#digits();
    }
    if (this.#peek().toLowerCase() === 'e') {
      this.#at++;
      if (this.#peek() === '+' || this.#peek() === '-') this.#at++;
      if (!isDigit(this.#peek())) return this.#refuse('in exponent of numeric literal');
      this.#digits();
    }
    this.#place = this.#behind();
  }

  #digits(): void {
    while (isDigit(this.#peek())) this.#at++;
  }

  #string(next: Place): void {
    for (this.#at++; this.#peek() !== '"'; this.#at++) {
      if (this.#peek() === '') {
        this.#problem = CUT_OFF;
        return;
      }
      if (this.#peek() < ' ') return this.#refuse('in string literal');
      if (this.#peek() !== '\\') continue;
      this.#at++;
      const letter = this.#peek();
      if (letter === 'u') this.#hexadecimal();
      else if (letter === '' || !'bfnrt\\/"'.includes(letter)) this.#refuse('in string escape code');
      if (this.#problem !== undefined) return;
    }
    this.#go(next);
  }

  #hexadecimal(): void {
    for (let count = 0; count < 4; count++) {
      this.#at++;
      if (!/^[0-9A-Fa-f]$/.test(this.#peek())) return this.#refuse('in \\u hexadecimal character escape');
    }
  }

  #close(): void {
    this.#open.pop();
    this.#go(this.#behind());
  }

  #behind(): Place {
    const innermost = this.#open.at(-1);
    if (innermost === undefined) return 'end';
    return innermost === '{' ? 'afterMember' : 'afterElement';
  }

  #go(place: Place): void {
    this.#at++;
    this.#place = place;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #refuse(where: string): void {
    // Where the text is cut off inside a word or a number the reference complains of a space that is not there.
    const code = this.#text.codePointAt(this.#at) ?? SPACE;
    this.#problem = `invalid character ${quoteCharacter(code)} ${where}`;
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9' && character.length === 1;
}

/** The reference goes by bytes, so that a character beyond ASCII is shown as what its first byte would be alone. */
function quoteCharacter(code: number): string {
  const [byte = 0] = encodeUtf8(String.fromCodePoint(code));
  const character = String.fromCharCode(byte);
  if (character === "'") return "'\\''";
  return character === '"' ? `'"'` : `'${showText(character).slice(1, -1)}'`;
}
