// How a page looks: light and dark as the reader's system is, wide and narrow, without anything from elsewhere.
//
// Colours 1 to 6 are those of M. Okabe and K. Ito ("Color Universal Design", 2008), which people of all kinds of colour
// vision tell apart; in the dark they are lighter. No colour is the only sign of anything.

enum PageStyle {
  static let css: Markup = """
    :root { color-scheme: light dark; --paper: #ffffff; --panel: #f6f7f8; --ink: #1b1f23; --soft: #5a636c;
      --rule: #d7dce0; --c0: #7b858e; --c1: #0072b2; --c2: #c04c00; --c3: #00785a; --c4: #a8588a; --c5: #9a6a00;
      --c6: #2f7fb3; }
    @media (prefers-color-scheme: dark) { :root { --paper: #14171a; --panel: #1d2125; --ink: #e8ebee; --soft: #a3adb6;
      --rule: #363c42; --c0: #98a2ab; --c1: #5cb3ec; --c2: #ff8a4c; --c3: #35c79c; --c4: #e39ac7; --c5: #f0b73c;
      --c6: #9bd1f5; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
    main { max-width: 1160px; margin: 0 auto; padding: 24px 20px 64px; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 4px; }
    h2 { font-size: 1.2rem; margin: 40px 0 4px; padding-top: 12px; border-top: 1px solid var(--rule); }
    h3 { font-size: 1rem; margin: 20px 0 6px; }
    p, li { max-width: 46rem; }
    p { margin: 4px 0 12px; } ul { margin: 8px 0; padding-left: 20px; } li { margin: 6px 0; }
    .soft { color: var(--soft); } .small { font-size: 0.875rem; }
    .panels { display: grid; gap: 12px; margin: 8px 0 16px; grid-template-columns: repeat(4, minmax(0, 1fr)); }
    .wide { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .three { grid-template-columns: repeat(3, minmax(0, 1fr)); }
    @media (max-width: 960px) { .panels, .three { grid-template-columns: repeat(2, minmax(0, 1fr)); }
      .wide { grid-template-columns: minmax(0, 1fr); } }
    @media (max-width: 560px) { .panels, .three, .wide { grid-template-columns: minmax(0, 1fr); }
      main { padding: 16px 12px 48px; } }
    figure { margin: 0; padding: 8px; background: var(--panel); border-radius: 6px; }
    figcaption { font-size: 0.8125rem; font-weight: 600; margin: 0 0 4px; }
    figcaption span { font-weight: 400; color: var(--soft); }
    svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
    .grid { stroke: var(--rule); stroke-width: 1; } .zero { stroke: var(--soft); stroke-width: 1.2; }
    .tick { fill: var(--soft); font-size: 10px; } .name, .label { fill: var(--ink); }
    .leader { stroke: var(--rule); } .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
    .whisker { stroke-width: 2.4; stroke-linecap: round; } .shade { stroke: none; opacity: 0.16; }
    .line.c0, .whisker.c0 { stroke: var(--c0); } .dot.c0, .shade.c0 { fill: var(--c0); }
    .line.c1, .whisker.c1 { stroke: var(--c1); } .dot.c1, .shade.c1 { fill: var(--c1); }
    .line.c2, .whisker.c2 { stroke: var(--c2); } .dot.c2, .shade.c2 { fill: var(--c2); }
    .line.c3, .whisker.c3 { stroke: var(--c3); } .dot.c3, .shade.c3 { fill: var(--c3); }
    .line.c4, .whisker.c4 { stroke: var(--c4); } .dot.c4, .shade.c4 { fill: var(--c4); }
    .line.c5, .whisker.c5 { stroke: var(--c5); } .dot.c5, .shade.c5 { fill: var(--c5); }
    .line.c6, .whisker.c6 { stroke: var(--c6); } .dot.c6, .shade.c6 { fill: var(--c6); }
    .label.c0 { fill: var(--c0); } .label.c1 { fill: var(--c1); } .label.c2 { fill: var(--c2); }
    .label.c3 { fill: var(--c3); } .label.c4 { fill: var(--c4); } .label.c5 { fill: var(--c5); }
    .label.c6 { fill: var(--c6); }
    .scroll { overflow-x: auto; margin: 8px 0 16px; }
    table { border-collapse: collapse; font-size: 0.8125rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
    th, td { padding: 4px 8px; text-align: right; border-bottom: 1px solid var(--rule); }
    th { font-weight: 600; color: var(--soft); } th:first-child, td:first-child, td.left { text-align: left; }
    tr.found td { font-weight: 600; }
    details { margin: 8px 0; } summary { cursor: pointer; font-weight: 600; }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 16px; font-size: 0.875rem; }
    dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
    """
}
