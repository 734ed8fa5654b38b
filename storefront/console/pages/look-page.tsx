import { Fragment, type JSX } from "preact";
import type { ContrastCheck, Look } from "../../../worker/page-builder/wire.ts";
import {
  Badge,
  Button,
  Card,
  Failed,
  Loading,
  PageHead,
  ReadOnly,
  useConsole,
  useProblemSentence,
  useRead,
  useWords,
} from "../kit/index.ts";
import { ConflictDialog, Publishing, StateBadge } from "./document-parts.tsx";
import { Select, Text } from "../value-fields/index.tsx";
import { History } from "./history.tsx";
import { PageSwitch } from "./page-switch.tsx";
import { Preview, usePreviewToken } from "./preview.tsx";
import { FIRST_OWN, PRESETS } from "./themes.ts";
import { PictureInput } from "./picture-input.tsx";
import { useDocument } from "./use-document.ts";
import { WORDS } from "./words.ts";

function Contrast({ theme }: { theme: string }): JSX.Element | null {
  const words = useWords(WORDS);
  const isColor = /^(?:#[0-9a-f]{6}|[a-z]+)$/.test(theme);
  const read = useRead<{ checks: ContrastCheck[] }>(
    isColor ? `/api/v1/staff/theme/contrast?color=${encodeURIComponent(theme)}` : null,
  );
  if (!read.value) return null;
  return (
    <ul class="pb-contrast">
      {read.value.checks.map((check) => (
        <li key={`${check.scheme} ${check.key}`}>
          <span
            class="pb-swatch"
            aria-hidden="true"
            style={{ color: check.foreground, background: check.background }}
          >
            {/* An edge is drawn, not written. */}
            {check.key === "edge" ? "" : "Aa"}
          </span>
          <span>
            {words.checks[check.key]} · {check.scheme === "dark" ? words.dark : words.light}
            <span class="note mute">
              {words.ratio(check.ratio.toFixed(1), String(check.needed))}
            </span>
          </span>
          {check.isCorrected && check.givenRatio < check.needed ? (
            <Badge tone="info">{words.corrected(check.givenRatio.toFixed(1))}</Badge>
          ) : (
            <Badge tone="ok" icon="check">
              {words.pass}
            </Badge>
          )}
        </li>
      ))}
    </ul>
  );
}

function ThemeFields({ look, set }: { look: Look; set: (more: Partial<Look>) => void }) {
  const words = useWords(WORDS);
  const isOwn = look.theme.startsWith("#");
  return (
    <>
      <div class="pb-themes" role="group" aria-label={words.theme}>
        {PRESETS.map((name) => (
          <button
            key={name}
            type="button"
            data-theme={name}
            aria-pressed={look.theme === name}
            onClick={() => set({ theme: name })}
          >
            <i aria-hidden="true" />
            {words.themes[name]}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={isOwn}
          onClick={() => set({ theme: isOwn ? look.theme : FIRST_OWN })}
        >
          <i aria-hidden="true" style={{ background: isOwn ? look.theme : FIRST_OWN }} />
          {words.themes.own}
        </button>
      </div>
      {isOwn && (
        <Text
          label={words.color}
          type="color"
          value={look.theme}
          set={(color) => set({ theme: color.toLowerCase() })}
        />
      )}
      <h3>{words.contrast}</h3>
      <Contrast theme={look.theme} />
      <p class="note mute">{words.contrastHelp}</p>
      <Select
        label={words.corners}
        value={look.corners}
        options={(["square", "small", "round"] as const).map((value) => ({
          value,
          title: words.cornerNames[value],
        }))}
        set={(corners) => set({ corners })}
      />
    </>
  );
}

function ShopFields({ look, set }: { look: Look; set: (more: Partial<Look>) => void }) {
  const words = useWords(WORDS);
  const { contact } = look;
  return (
    <>
      <Text label={words.name} value={look.name} maxLength={24} set={(name) => set({ name })} />
      <PictureInput isOptional label={words.logo} value={look.logo} set={(logo) => set({ logo })} />
      <Text
        label={words.contactPhone}
        value={contact.phone}
        maxLength={30}
        set={(phone) => set({ contact: { ...contact, phone } })}
      />
      <Text
        label={words.contactHours}
        value={contact.hours}
        maxLength={40}
        set={(hours) => set({ contact: { ...contact, hours } })}
      />
      <Text
        label={words.rules}
        value={look.rules}
        help={words.richHelp}
        rows={6}
        maxLength={4_000}
        set={(rules) => set({ rules })}
      />
      <Text
        label={words.privacy}
        value={look.privacy}
        help={words.richHelp}
        rows={6}
        maxLength={4_000}
        set={(privacy) => set({ privacy })}
      />
    </>
  );
}

/** Name, logo, colours and words of the whole mall; they are published like a page. */
export function LookPage(): JSX.Element {
  const words = useWords(WORDS);
  const sentence = useProblemSentence();
  const isWriter = useConsole().may("pages.write");
  const Fields = isWriter ? Fragment : ReadOnly;
  const editing = useDocument<Look>("look");
  const token = usePreviewToken();
  const { body: look, problem, refusal } = editing;
  const set = (more: Partial<Look>): void => {
    if (look) editing.change({ ...look, ...more });
  };
  return (
    <>
      <PageHead title={words.themeTitle} badge={look && <StateBadge editing={editing} />}>
        {isWriter && (
          <Button icon="undo" disabled={!editing.canUndo} onClick={editing.undo}>
            {words.undo}
          </Button>
        )}
        {isWriter && look && <Publishing editing={editing} pageId="look" token={token} />}
      </PageHead>
      <PageSwitch current="look" />
      {problem && <Failed problem={problem} onRetry={editing.again} />}
      {!problem && !look && <Loading />}
      {refusal && (
        <div class="refusal" role="alert">
          <p>{sentence(refusal)}</p>
        </div>
      )}
      {look && (
        <div class="pb look">
          <Preview
            pageId="look"
            token={token}
            saves={editing.saves}
            chosen={null}
            choose={() => undefined}
          />
          <div class="stack">
            <Fields>
              <Card title={words.theme}>
                <ThemeFields look={look} set={set} />
              </Card>
              <Card title={words.shop}>
                <ShopFields look={look} set={set} />
              </Card>
            </Fields>
            <Card title={words.tabs.history}>
              <History editing={editing} pageId="look" body={null} />
            </Card>
          </div>
        </div>
      )}
      <ConflictDialog editing={editing} />
    </>
  );
}
