// What is asked of each client: to create, read and list rows without losing a value.

import * as values from "./values";

type Row = { id: string };
type Calls<Body, Query> = {
  create: (body: Body) => Promise<Row>;
  read: (id: string) => Promise<Row>;
  list: (query: Query) => Promise<Row[]>;
};

export type Client = {
  sites: Calls<ReturnType<typeof values.site>, object>;
  specimens: Calls<ReturnType<typeof values.specimen>, typeof values.specimens>;
  examinations: Calls<ReturnType<typeof values.examination>, typeof values.examinations>;
  loans: Calls<ReturnType<typeof values.loan>, ReturnType<typeof values.loans>>;
  visits: Calls<ReturnType<typeof values.visit>, object>;
  exhibitions: Calls<ReturnType<typeof values.exhibition>, object>;
};

export async function run(client: Client): Promise<void> {
  const site = await keep(client.sites, values.site(), {});
  const specimen = await keep(client.specimens, values.specimen(site), values.specimens);
  await keep(client.examinations, values.examination(specimen), values.examinations);
  await keep(client.loans, values.loan(specimen, site), values.loans(specimen));
  await keep(client.visits, values.visit(site), {}, values.defaults);
  await keep(client.exhibitions, values.exhibition(), {});
}

async function keep<Body extends object, Query>(
  calls: Calls<Body, Query>,
  body: Body,
  query: Query,
  defaults: object = {},
): Promise<string> {
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
