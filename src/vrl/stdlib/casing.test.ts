import { error, testCalls } from '../testing/run';
import { functions } from './casing';

describe('word boundaries are guessed', () => {
  testCalls(functions, [
    ['snakecase', ['input-string'], 'input_string'],
    ['snakecase', ['parseHTTPRequest'], 'parse_http_request'],
    ['snakecase', ['s3BucketDetails'], 's_3_bucket_details'],
    ['snakecase', ['  two  blanks '], 'two_blanks'],
    ['snakecase', ['ÉtéÀLaPlage'], 'été_à_la_plage'],
    ['snakecase', [''], ''],
    ['kebabcase', ['input_string A'], 'input-string-a'],
    ['camelcase', ['some_input-string'], 'someInputString'],
    ['camelcase', ['HTTP server'], 'httpServer'],
    ['pascalcase', ['some.input string'], 'Some.inputString'],
    ['screamingsnakecase', ['inputString2'], 'INPUT_STRING_2'],
  ]);
});

describe('a known style has only its own boundaries', () => {
  testCalls(functions, [
    ['snakecase', ['input_thing-two', 'kebab-case'], 'input_thing_two'],
    ['kebabcase', ['input_thing-two', 'snake_case'], 'input-thing-two'],
    ['snakecase', ['inputString_x', 'camelCase'], 'input_string_x'],
    ['camelcase', ['SCREAMING_thing', 'SCREAMING_SNAKE'], 'screamingThing'],
    ['pascalcase', ['inputString', 'snake_case'], 'Inputstring'],
    ['pascalcase', ['inputString', 'PascalCase'], 'InputString'],
  ]);
});

describe('snakecase leaves out excluded boundaries', () => {
  testCalls(functions, [
    ['snakecase', ['s3BucketDetails', undefined, ['lower_digit']], 's3_bucket_details'],
    ['snakecase', ['s3BucketDetails', 'camelCase', ['lower_upper', 'digit_upper', 'lower_digit']], 's3bucketdetails'],
    ['snakecase', ['a', undefined, ['nothing']], error(/^boundary must match one of: lower_upper, /)],
    ['snakecase', ['a', undefined, [1]], error(/^boundary must match one of: lower_upper, /)],
  ]);
});

describe('case of letters', () => {
  testCalls(functions, [
    ['downcase', ['ΑΣ ÀB'], 'ας àb'],
    ['upcase', ['straße é'], 'STRASSE É'],
  ]);
});
