/*
 * Chợ 4.0 in a storefront of Saleor: paying by VietQR through the gateway `market40.vietqr`.
 *
 * Two parts that know nothing of any framework: functions that read what the gateway tells, and the element
 * <market40-vietqr>, which shows one code for each shop and waits for the money. It sends nothing by itself: the
 * storefront gives it four functions around its own transactionInitialize, transactionProcess, checkout query and
 * checkoutComplete.
 */

export const GATEWAY_ID = "market40.vietqr";
export const PAUSE_MS = 3000;
export const PAUSE_MS_MAX = 30000;
/* One answer that fails may be the network's; so many in a row have a reason that the buyer should read. */
export const FAILURES_UNTOLD = 2;

const ENDED = ["expired", "canceled"];
/* Refusals of the gateway that say what became of the payment. */
const STATE_OF = { ALREADY_PAID: "paid", EXPIRED: "expired", CANCELED: "canceled" };

const WORDS = {
  vi: {
    title: "Quét mã để chuyển khoản",
    several: (count) => `Đơn này của ${count} gian hàng: quét từng mã một.`,
    shop: "Gian hàng",
    bank: "Ngân hàng",
    account: "Số tài khoản",
    name: "Tên tài khoản",
    amount: "Số tiền",
    content: "Nội dung (giữ nguyên)",
    copy: "Chép",
    copied: "Đã chép",
    picture: (reference) => `Mã VietQR, nội dung ${reference}`,
    waiting: "Đang chờ ngân hàng báo tiền về. Bạn cứ để trang này mở.",
    partial: (left) => `Đã nhận một phần. Còn thiếu ${left}.`,
    partialOfSeveral: "Đã nhận một phần. Bạn chuyển tiếp cho các mã còn lại.",
    paidOne: "Đã nhận đủ tiền.",
    paid: "Đã nhận đủ tiền. Đang đặt hàng…",
    done: "Đã đặt hàng.",
    expired: "Mã đã hết hạn. Bạn bấm để lấy mã mới.",
    canceled: "Lần thanh toán này đã hủy. Bạn bấm để lấy mã mới.",
    again: "Lấy mã mới",
    away: "Chưa hỏi được. Đang thử lại…",
    refused: (reason) => `Vẫn chưa hỏi được: “${reason}” Đang thử lại…`,
    until: (time) => `Mã dùng được đến ${time}.`,
  },
  en: {
    title: "Scan to pay by bank transfer",
    several: (count) => `This order is from ${count} shops: scan each code.`,
    shop: "Shop",
    bank: "Bank",
    account: "Account number",
    name: "Account name",
    amount: "Amount",
    content: "Message (keep as it is)",
    copy: "Copy",
    copied: "Copied",
    picture: (reference) => `VietQR code, message ${reference}`,
    waiting: "Waiting for the bank. Please keep this page open.",
    partial: (left) => `Part of it came. ${left} is missing.`,
    partialOfSeveral: "Part of it came. Please pay the other codes too.",
    paidOne: "Paid in full.",
    paid: "Paid in full. Placing your order…",
    done: "Your order is placed.",
    expired: "The code has expired. Get a new one.",
    canceled: "This payment was cancelled. Get a new code.",
    again: "New code",
    away: "No answer yet. Trying again…",
    refused: (reason) => `Still no answer: “${reason}” Trying again…`,
    until: (time) => `The code can be used until ${time}.`,
  },
};

/** Whether a gateway of `checkout.availablePaymentGateways` is ours. */
export function isMarket40Gateway(gateway) {
  return gateway?.id === GATEWAY_ID;
}

/** Đồng as people write it: 125.000 ₫. */
export function formatDong(amount) {
  return `${String(Math.trunc(amount)).replace(/\B(?=(\d{3})+(?!\d))/g, ".")} ₫`;
}

/**
 * What the gateway told, or throws an Error with its sentence.
 *
 * `answer` is the payload of transactionInitialize or transactionProcess. Answers {state, outstanding, charged, codes},
 * amounts in đồng; a payment that ended or was paid before has no codes. The state is the gateway's own word: of a part
 * that came it says `partial`, whatever became of the checkout meanwhile.
 */
export function readPayment(answer) {
  const problem = answer?.errors?.[0]?.message;
  if (problem) throw new Error(problem);
  const data = answer?.data;
  const told = STATE_OF[data?.exception] ?? (isEndedBySaleor(answer) ? "expired" : "");
  if (told) return { state: told, outstanding: 0, charged: 0, codes: [] };
  if (data?.type !== "vietqr" || data.exception) {
    throw new Error(data?.message || answer?.transactionEvent?.message || "market40.vietqr");
  }
  const codes = (data.codes ?? (data.amount ? [data] : [])).map((code) => ({
    state: code.state ?? "waiting",
    reference: code.reference,
    content: code.memo ?? code.reference,
    amount: code.amount,
    picture: code.qr_svg_url ?? "",
    bank: code.bank?.short_name ?? "",
    accountNumber: code.account_number ?? "",
    accountName: code.account_name ?? "",
    expiresAt: code.expires_at ?? "",
    shop: code.vendor?.name ?? "",
  }));
  return {
    state: data.state ?? "waiting",
    outstanding: data.outstanding ?? data.amount,
    charged: data.charged ?? 0,
    codes,
  };
}

/**
 * Ask `process` again and again until all is paid or the codes ended; answers the last payment. `before` is what was
 * read of transactionInitialize, `chargeStatus` answers the checkout's.
 *
 * Trouble is waited out, twice as long each time up to PAUSE_MS_MAX. `onChange(payment, error, failures)` hears every
 * answer, and of how many in a row failed. Rejects with an AbortError when `signal` is aborted.
 */
export async function waitForMoney({ process, chargeStatus, before, onChange = () => {}, signal, pauseMs = PAUSE_MS }) {
  let pause = pauseMs;
  let failures = 0;
  let last = before;
  for (;;) {
    await sleep(pause, signal);
    try {
      const answer = await process();
      last = isAnsweredWithoutData(answer) ? charged(last, await chargeStatus()) : readPayment(answer);
      pause = pauseMs;
      failures = 0;
      onChange(last, null, failures);
      if (last.state === "paid" || ENDED.includes(last.state)) return last;
    } catch (error) {
      failures += 1;
      onChange(null, error, failures);
      pause = Math.min(pause * 2, PAUSE_MS_MAX);
    }
  }
}

/*
 * Once any money was reported Saleor answers transactionProcess out of its own record, without the gateway's data: how
 * much of the whole came, the checkout's `chargeStatus` says then (anybody who knows the checkout may read it). A
 * checkout that is gone became an order by itself, which Saleor does only once all was paid. The market's own /graphql/
 * makes an order of the first money, but answers `data` with its `state` until the whole came: only then is it null.
 */
function isAnsweredWithoutData(answer) {
  return !answer?.errors?.length && !answer?.data && answer?.transactionEvent?.type === "CHARGE_SUCCESS";
}

/* A refusal is final to Saleor: it does not ask the gateway again, and a new payment has to be begun. */
function isEndedBySaleor(answer) {
  return !answer?.errors?.length && !answer?.data && answer?.transactionEvent?.type === "CHARGE_FAILURE";
}

function charged(before, status) {
  const isPaid = !status || status === "FULL" || status === "OVERCHARGED";
  const codes = isPaid ? before.codes.map((code) => ({ ...code, state: "paid" })) : before.codes;
  return { ...before, state: isPaid ? "paid" : "partial", outstanding: isPaid ? 0 : null, codes };
}

function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException("stopped", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

const STYLE = `
  :host { display: block; font: inherit; color: inherit; }
  .code { border: 1px solid currentColor; border-radius: .5rem; margin: 1rem 0; padding: 1rem; }
  .code[data-state="paid"] img { display: none; }
  img { background: #fff; display: block; height: auto; margin: 0 auto 1rem; max-width: 18rem; width: 100%; }
  dl { display: grid; gap: .25rem .75rem; grid-template-columns: auto 1fr; margin: 0; }
  dd { font-weight: 600; margin: 0; overflow-wrap: anywhere; }
  button { font: inherit; min-height: 44px; padding: .5rem 1rem; }
  .line { align-items: center; display: flex; flex-wrap: wrap; gap: .5rem; }
`;

/**
 * <market40-vietqr>: set its `payment` to {initialize, process, chargeStatus, complete}. The first two answer a promise of
 * that mutation's payload, `chargeStatus` of the checkout's, `complete` of anything. Fires `market40-paid` once `complete`
 * answered and `market40-failed` with the error where it did not; `lang` is "vi" (default) or "en". Where it is taken off
 * the page it stops asking.
 */
export class Market40Vietqr extends (globalThis.HTMLElement ?? Object) {
  #payment = null;
  #stopper = null;

  set payment(given) {
    this.#payment = given;
    if (this.isConnected) this.#begin();
  }

  get payment() {
    return this.#payment;
  }

  connectedCallback() {
    if (!this.shadowRoot) {
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      root.append(made("h2", { part: "title" }), made("p", { part: "note" }), made("div", { part: "codes" }));
      root.append(made("p", { part: "state", role: "status" }), made("button", { part: "again", type: "button" }));
      root.querySelector("button").addEventListener("click", () => this.#begin());
    }
    if (this.#payment) this.#begin();
  }

  disconnectedCallback() {
    this.#stopper?.abort();
  }

  get #words() {
    return WORDS[this.lang === "en" ? "en" : "vi"];
  }

  async #begin() {
    this.#stopper?.abort();
    const stopper = (this.#stopper = new AbortController());
    this.#again(false);
    this.#part("title").textContent = this.#words.title;
    try {
      let payment = readPayment(await this.#payment.initialize());
      if (stopper.signal.aborted) return;
      this.#show(payment);
      if (payment.state !== "paid" && !ENDED.includes(payment.state)) {
        const onChange = (told, error, failures) => (told ? this.#show(told) : this.#fail(error, failures));
        const { process, chargeStatus } = this.#payment;
        payment = await waitForMoney({ process, chargeStatus, before: payment, onChange, signal: stopper.signal });
      }
      if (payment.state !== "paid") return this.#again(true);
      this.#say(this.#words.paid);
      const detail = await this.#payment.complete();
      this.#say(this.#words.done);
      this.dispatchEvent(new CustomEvent("market40-paid", { bubbles: true, detail }));
    } catch (error) {
      if (error.name === "AbortError" || stopper.signal.aborted) return;
      this.#say(error.message);
      this.#again(true);
      this.dispatchEvent(new CustomEvent("market40-failed", { bubbles: true, detail: error }));
    }
  }

  #show(payment) {
    const words = this.#words;
    this.#again(false);
    this.#part("note").textContent = payment.codes.length > 1 ? words.several(payment.codes.length) : "";
    const before = [...this.#part("codes").children].map((one) => one.dataset.told);
    const told = payment.codes.map((code) => JSON.stringify(code));
    // Untouched codes stay: a reader's place and a picture that is being scanned are not taken away.
    if (told.join() !== before.join()) {
      this.#part("codes").replaceChildren(...payment.codes.map((code, at) => this.#code(code, told[at])));
    }
    const sentences = {
      waiting: words.waiting,
      partial: payment.outstanding ? words.partial(formatDong(payment.outstanding)) : words.partialOfSeveral,
      paid: words.paid,
      expired: words.expired,
      canceled: words.canceled,
    };
    this.#say(sentences[payment.state] ?? words.waiting);
  }

  /* What was asked for too long ago is refused for good: a reason that stays is said, and a new code may be got. */
  #fail(error, failures) {
    const isTold = failures > FAILURES_UNTOLD && error.message;
    this.#say(isTold ? this.#words.refused(error.message) : this.#words.away);
    this.#again(failures > FAILURES_UNTOLD);
  }

  #code(code, told) {
    const words = this.#words;
    const box = made("section", { class: "code", part: "code" });
    box.dataset.state = code.state;
    box.dataset.told = told;
    if (code.state === "paid") {
      box.append(made("p", {}, `${code.shop}: ${words.paidOne}`));
      return box;
    }
    if (code.picture) box.append(made("img", { src: code.picture, alt: words.picture(code.content) }));
    const list = made("dl", {});
    const rows = [
      [words.shop, code.shop],
      [words.bank, code.bank],
      [words.account, code.accountNumber, true],
      [words.name, code.accountName],
      [words.amount, formatDong(code.amount), String(code.amount)],
      [words.content, code.content, true],
    ];
    for (const [name, value, copied] of rows) {
      if (!value) continue;
      const shown = made("dd", { class: "line" }, value);
      if (copied) shown.append(this.#copier(copied === true ? value : copied, name));
      list.append(made("dt", {}, name), shown);
    }
    box.append(list);
    if (code.expiresAt) box.append(made("p", {}, words.until(clock(code.expiresAt))));
    return box;
  }

  #copier(value, name) {
    const words = this.#words;
    const button = made("button", { type: "button", "aria-label": `${words.copy}: ${name}` }, words.copy);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(value);
      button.textContent = words.copied;
    });
    return button;
  }

  #part(name) {
    return this.shadowRoot.querySelector(`[part="${name}"]`);
  }

  #say(sentence) {
    if (this.#part("state").textContent !== sentence) this.#part("state").textContent = sentence;
  }

  #again(isShown) {
    this.#part("again").textContent = this.#words.again;
    this.#part("again").hidden = !isShown;
  }
}

function made(tag, attributes, text = "") {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

function clock(moment) {
  return new Date(moment).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
}

if (globalThis.customElements && !customElements.get("market40-vietqr")) {
  customElements.define("market40-vietqr", Market40Vietqr);
}
