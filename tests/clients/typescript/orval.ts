import * as api from "./generated/orval";
import { run } from "./scenario";

declare const API: string;

// A browser would resolve paths against the page.
const { fetch } = globalThis;
globalThis.fetch = (path, init) => fetch(`${API}${path}`, init);

type Answer = { status: number; data: unknown };

function unwrap<T extends Answer>(answer: T): Extract<T, { status: 200 | 201 }>["data"] {
  if (answer.status > 299) throw new Error(JSON.stringify(answer.data));
  return answer.data;
}

await run({
  sites: {
    create: async (body) => unwrap(await api.createSite(body)),
    read: async (id) => unwrap(await api.getSite(id)),
    list: async (query) => unwrap(await api.listSites(query)).items,
  },
  specimens: {
    create: async (body) => unwrap(await api.createSpecimen(body)),
    read: async (id) => unwrap(await api.getSpecimen(id)),
    list: async (query) => unwrap(await api.listSpecimens(query)).items,
  },
  examinations: {
    create: async (body) => unwrap(await api.createExamination(body)),
    read: async (id) => unwrap(await api.getExamination(id)),
    list: async (query) => unwrap(await api.listExaminations(query)).items,
  },
  loans: {
    create: async (body) => unwrap(await api.createLoan(body)),
    read: async (id) => unwrap(await api.getLoan(id)),
    list: async (query) => unwrap(await api.listLoans(query)).items,
  },
  visits: {
    create: async (body) => unwrap(await api.createVisit(body)),
    read: async (id) => unwrap(await api.getVisit(id)),
    list: async (query) => unwrap(await api.listVisits(query)).items,
  },
  exhibitions: {
    create: async (body) => unwrap(await api.createExhibition(body)),
    read: async (id) => unwrap(await api.getExhibition(id)),
    list: async (query) => unwrap(await api.listExhibitions(query)).items,
  },
});
