import { error, testPrograms } from '../testing/run';

describe('unnest makes one object of each element', () => {
  testPrograms([
    [
      'unnest!(.events)',
      { host: 'a', events: [1, { x: 2 }] },
      [
        { host: 'a', events: 1 },
        { host: 'a', events: { x: 2 } },
      ],
    ],
    ['unnest!(.a.b[1])', { a: { b: [0, [1, 2]] } }, [{ a: { b: [0, 1] } }, { a: { b: [0, 2] } }]],
    ['x = {"a": [1, 2]}; unnest(x.a)', [{ a: 1 }, { a: 2 }]],
    ['. = unnest!(.a); push(array!(.), 1)', { a: [1] }, [{ a: 1 }, 1]],
    ['unnest!(.a)', { a: [] }, []],
    ['unnest!(.a)', { a: 1 }, error(/expected array, got integer/)],
    ['unnest!(.missing)', error(/expected array, got null/)],
    ['x = unnest!(.a); .a = 5; x', { a: [1] }, [{ a: 1 }]],
  ]);
});
