// What is asked of each client: to create, read and list rows without losing a value.

import * as values from "./values";

type Id = number | string;
type Row = { id: Id };
type Calls<Key extends Id, Body, Query> = {
  create: (body: Body) => Promise<{ id: Key }>;
  read: (id: Key) => Promise<{ id: Key }>;
  list: (query: Query) => Promise<Row[]>;
};

export type Client = {
  sites: Calls<number, ReturnType<typeof values.site>, object>;
  specimens: Calls<number, ReturnType<typeof values.specimen>, typeof values.specimens>;
  examinations: Calls<string, ReturnType<typeof values.examination>, typeof values.examinations>;
  loans: Calls<string, ReturnType<typeof values.loan>, ReturnType<typeof values.loans>>;
  visits: Calls<string, ReturnType<typeof values.visit>, object>;
  exhibitions: Calls<string, ReturnType<typeof values.exhibition>, object>;
};

export async function run(client: Client): Promise<void> {
  const site = await keep(client.sites, values.site(), {});
  const specimen = await keep(client.specimens, values.specimen(site), values.specimens);
  await keep(client.examinations, values.examination(specimen), values.examinations);
  await keep(client.loans, values.loan(specimen, site), values.loans(specimen));
  await keep(client.visits, values.visit(site), {}, values.defaults);
  await keep(client.exhibitions, values.exhibition(), {});
}

async function keep<Key extends Id, Body extends object, Query>(
  calls: Calls<Key, Body, Query>,
  body: Body,
  query: Query,
  defaults: object = {},
): Promise<Key> {
  const { id } = await calls.create(body);
  const row = await calls.read(id);
  for (const [name, value] of Object.entries({ ...defaults, ...body })) {
    equal(name, row[name as keyof Row], value);
  }
  equal("list", await calls.list(query), [row]);
  return id;
}

function equal(name: string, found: unknown, expected: unknown): void {
  const texts = [found, expected].map((one) => JSON.stringify(one));
  if (texts[0] !== texts[1]) {
    throw new Error(`${name}: ${texts[0]} is not ${texts[1]}`);
  }
}
