/** Requests another check of an upload. The page of an upload loads this only when it is needed, to stay small. */
import { api, type TimetableUpload } from "../../lib/api/client";
import { take } from "../../lib/api/failure";
import { Idempotent } from "../../lib/api/idempotent";

const asking = new Idempotent();

export async function checkAgain(id: string): Promise<TimetableUpload> {
  const path = "/v2/timetable/uploads/{id}/check";
  const answer = await asking.send(id, (header) => take(api.POST(path, { params: { path: { id }, header } })));
  return answer.upload;
}
