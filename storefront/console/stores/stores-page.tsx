import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Brand, Store, Tenant } from "../../../worker/staff/wire.ts";
import {
  Badge,
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
import { BrandDialog, StoreDialog } from "./dialogs.tsx";
import { BOOKING } from "./booking-words.ts";
import { STORES } from "./words.ts";

type Open =
  | { readonly kind: "brand"; readonly brand: Brand | null }
  | { readonly kind: "store"; readonly store: Store | null; readonly brandId: string };

export function StoresPage(): JSX.Element {
  const words = useWords(STORES);
  const { may } = useConsole();
  const { value, problem, again } = useRead<Tenant>("/api/v1/staff/tenant");
  const [open, setOpen] = useState<Open | null>(null);
  const isWriter = may("settings.write");
  const close = (): void => setOpen(null);
  const addBrand = (
    <Button kind="primary" icon="plus" onClick={() => setOpen({ kind: "brand", brand: null })}>
      {words.addBrand}
    </Button>
  );
  return (
    <>
      <PageHead
        title={words.title}
        {...(value ? { note: words.shared(value.merchant.name, value.programme.name) } : {})}
      >
        {isWriter && addBrand}
      </PageHead>
      {problem ? (
        <Failed problem={problem} onRetry={again} />
      ) : !value ? (
        <Loading />
      ) : value.brands.length === 0 ? (
        <Card>
          <Empty icon="store" title={words.emptyBrands} body={words.emptyBrandsHelp}>
            {isWriter && addBrand}
          </Empty>
        </Card>
      ) : (
        <div class="stack">
          {value.brands.map((brand) => (
            <BrandCard
              key={brand.brandId}
              brand={brand}
              stores={value.stores.filter(({ brandId }) => brandId === brand.brandId)}
              {...(isWriter ? { onOpen: setOpen } : {})}
            />
          ))}
        </div>
      )}
      {open?.kind === "brand" && <BrandDialog brand={open.brand} onClose={close} onDone={again} />}
      {open?.kind === "store" && (
        <StoreDialog
          {...{ store: open.store, brandId: open.brandId, brands: value?.brands ?? [] }}
          {...{ onClose: close, onDone: again }}
        />
      )}
    </>
  );
}

function BrandCard({
  brand,
  stores,
  onOpen,
}: {
  brand: Brand;
  stores: readonly Store[];
  onOpen?: (open: Open) => void;
}): JSX.Element {
  const words = useWords(STORES);
  const { brandId, name, state, storeMaySet } = brand;
  return (
    <Card
      title={name}
      note={words.stores(stores.length)}
      acts={
        onOpen && (
          <>
            <Button
              size="sm"
              label={`${words.edit} ${name}`}
              onClick={() => onOpen({ kind: "brand", brand })}
            >
              {words.edit}
            </Button>
            <Button
              size="sm"
              icon="plus"
              label={`${words.addStore} ${name}`}
              onClick={() => onOpen({ kind: "store", store: null, brandId })}
            >
              {words.addStore}
            </Button>
          </>
        )
      }
    >
      <div class="stack">
        <p class="row">
          {state === "archived" && <Badge tone="danger">{words.archivedBrand}</Badge>}
          <span class="sec">{words.mayTitle}</span>
          {storeMaySet.length === 0 ? (
            <span class="mute">{words.mayNone}</span>
          ) : (
            storeMaySet.map((field) => <Badge key={field}>{words.fields[field]}</Badge>)
          )}
        </p>
        {stores.length === 0 ? (
          <p class="mute">{words.emptyStores}</p>
        ) : (
          <ul class="rows">
            {stores.map((store) => (
              <StoreRow
                key={store.storeId}
                store={store}
                {...(onOpen ? { onEdit: () => onOpen({ kind: "store", store, brandId }) } : {})}
              />
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

function StoreRow({ store, onEdit }: { store: Store; onEdit?: () => void }): JSX.Element {
  const words = useWords(STORES);
  const booking = useWords(BOOKING);
  return (
    <li>
      <div>
        <b>{store.name}</b>{" "}
        {store.state === "archived" && <Badge tone="danger">{words.archived}</Badge>}
        {store.address !== "" && <p class="note mute">{store.address}</p>}
      </div>
      <div class="acts">
        <Button
          size="sm"
          label={`${booking.link} ${store.name}`}
          href={`/console/stores/${store.storeId}/booking`}
        >
          {booking.link}
        </Button>
        {onEdit && (
          <Button size="sm" label={`${words.edit} ${store.name}`} onClick={onEdit}>
            {words.edit}
          </Button>
        )}
      </div>
    </li>
  );
}
