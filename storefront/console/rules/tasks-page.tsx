import type { JSX } from "preact";
import {
  Button,
  Card,
  Empty,
  Failed,
  Loading,
  PageHead,
  useConsole,
  useRead,
  useWords,
} from "../kit/index.ts";
import { API, booksOf, HOME, type RuleVersion } from "./data.ts";
import { BookRows } from "./overview-page.tsx";
import { RULES } from "./words.ts";

export function TasksPage(): JSX.Element {
  const words = useWords(RULES);
  const { may } = useConsole();
  const tasks = useRead<{ items: RuleVersion[] }>(`${API}/tasks`);
  const books = booksOf(tasks.value?.items ?? []);
  const add = may("rules.write") && (
    <Button kind="primary" icon="plus" href={`${HOME}/tasks/new`}>
      {words.addTask}
    </Button>
  );
  return (
    <>
      <PageHead
        title={words.tasksTitle}
        note={words.tasksNote}
        back={{ href: HOME, title: words.back }}
      >
        {add}
      </PageHead>
      {tasks.problem && <Failed problem={tasks.problem} onRetry={tasks.again} />}
      {tasks.isLoading && <Loading />}
      {tasks.value && (
        <Card flush>
          {books.length === 0 ? (
            <Empty icon="tasks" title={words.noTasks} body={words.noTasksBody} />
          ) : (
            <BookRows books={books} shelf="tasks" again={tasks.again} />
          )}
        </Card>
      )}
    </>
  );
}
