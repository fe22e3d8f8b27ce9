import { BodyBudget } from './body-budget';

test('a body that is allowed finds room once it is alone', () => {
  const budget = new BodyBudget(100, 250);
  budget.take(250);
  expect(() => budget.take(1)).toThrow(expect.objectContaining({ code: 'BUSY' }));
});

test('bytes are taken up to the limit and given back', () => {
  const budget = new BodyBudget(100);
  budget.take(60);
  budget.take(40);
  expect(() => budget.take(1)).toThrow(expect.objectContaining({ code: 'BUSY' }));
  expect(budget.bytes).toBe(100);
  budget.release(60);
  budget.take(60);
  expect(budget.bytes).toBe(100);
});
