import * as api from "./generated/hey-api";
import { client } from "./generated/hey-api/client.gen";
import { run } from "./scenario";

declare const API: string;

client.setConfig({ baseUrl: API, throwOnError: true });

const throwOnError = true;

await run({
  sites: {
    create: async (body) => (await api.createSite({ body, throwOnError })).data,
    read: async (site_id) => (await api.getSite({ path: { site_id }, throwOnError })).data,
    list: async (query) => (await api.listSites({ query, throwOnError })).data.items,
  },
  specimens: {
    create: async (body) => (await api.createSpecimen({ body, throwOnError })).data,
    read: async (specimen_id) =>
      (await api.getSpecimen({ path: { specimen_id }, throwOnError })).data,
    list: async (query) => (await api.listSpecimens({ query, throwOnError })).data.items,
  },
  examinations: {
    create: async (body) => (await api.createExamination({ body, throwOnError })).data,
    read: async (examination_id) =>
      (await api.getExamination({ path: { examination_id }, throwOnError })).data,
    list: async (query) => (await api.listExaminations({ query, throwOnError })).data.items,
  },
  loans: {
    create: async (body) => (await api.createLoan({ body, throwOnError })).data,
    read: async (loan_id) => (await api.getLoan({ path: { loan_id }, throwOnError })).data,
    list: async (query) => (await api.listLoans({ query, throwOnError })).data.items,
  },
  visits: {
    create: async (body) => (await api.createVisit({ body, throwOnError })).data,
    read: async (visit_id) => (await api.getVisit({ path: { visit_id }, throwOnError })).data,
    list: async (query) => (await api.listVisits({ query, throwOnError })).data.items,
  },
  exhibitions: {
    create: async (body) => (await api.createExhibition({ body, throwOnError })).data,
    read: async (exhibition_id) =>
      (await api.getExhibition({ path: { exhibition_id }, throwOnError })).data,
    list: async (query) => (await api.listExhibitions({ query, throwOnError })).data.items,
  },
});
