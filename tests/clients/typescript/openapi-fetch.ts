import createClient from "openapi-fetch";

import type { paths } from "./generated/openapi-typescript";
import { run } from "./scenario";

declare const API: string;

const { GET, POST } = createClient<paths>({ baseUrl: API });

function unwrap<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

await run({
  sites: {
    create: async (body) => unwrap(await POST("/api/v1/sites", { body })),
    read: async (site_id) =>
      unwrap(await GET("/api/v1/sites/{site_id}", { params: { path: { site_id } } })),
    list: async (query) => unwrap(await GET("/api/v1/sites", { params: { query } })).items,
  },
  specimens: {
    create: async (body) => unwrap(await POST("/api/v1/specimens", { body })),
    read: async (specimen_id) =>
      unwrap(await GET("/api/v1/specimens/{specimen_id}", { params: { path: { specimen_id } } })),
    list: async (query) => unwrap(await GET("/api/v1/specimens", { params: { query } })).items,
  },
  examinations: {
    create: async (body) => unwrap(await POST("/api/v1/examinations", { body })),
    read: async (examination_id) =>
      unwrap(
        await GET("/api/v1/examinations/{examination_id}", { params: { path: { examination_id } } }),
      ),
    list: async (query) => unwrap(await GET("/api/v1/examinations", { params: { query } })).items,
  },
  loans: {
    create: async (body) => unwrap(await POST("/api/v1/loans", { body })),
    read: async (loan_id) =>
      unwrap(await GET("/api/v1/loans/{loan_id}", { params: { path: { loan_id } } })),
    list: async (query) => unwrap(await GET("/api/v1/loans", { params: { query } })).items,
  },
  visits: {
    create: async (body) => unwrap(await POST("/api/v1/visits", { body })),
    read: async (visit_id) =>
      unwrap(await GET("/api/v1/visits/{visit_id}", { params: { path: { visit_id } } })),
    list: async (query) => unwrap(await GET("/api/v1/visits", { params: { query } })).items,
  },
  exhibitions: {
    create: async (body) => unwrap(await POST("/api/v1/exhibitions", { body })),
    read: async (exhibition_id) =>
      unwrap(
        await GET("/api/v1/exhibitions/{exhibition_id}", { params: { path: { exhibition_id } } }),
      ),
    list: async (query) => unwrap(await GET("/api/v1/exhibitions", { params: { query } })).items,
  },
});
