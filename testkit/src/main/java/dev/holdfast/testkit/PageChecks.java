package dev.holdfast.testkit;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What every page must do for people who cannot see it or use no mouse. */
public final class PageChecks {
    /** What a keyboard must reach. */
    private static final String INTERACTIVE = "a[href], button, summary, input:not([type=hidden]), [tabindex='0']";

    private PageChecks() {}

    /** What has no name, or refers to something that is not there; empty when all is well. */
    @SuppressWarnings("unchecked")
    public static List<String> nameless(Page page) {
        return (List<String>) page.evaluate("""
                selector => {
                  const text = id => document.getElementById(id)?.textContent.trim();
                  const named = one => one.getAttribute('aria-label')?.trim()
                      || one.getAttribute('aria-labelledby')?.split(' ').every(text)
                      || [...(one.labels ?? [])].some(label => label.textContent.trim())
                      || (one.matches('a, button, summary') && one.textContent.trim());
                  const found = [...document.querySelectorAll(selector + ', progress, [role=img]')]
                      .filter(one => !named(one)).map(one => 'no name: ' + one.outerHTML.slice(0, 99));
                  for (const one of document.querySelectorAll('[aria-labelledby], [aria-describedby], [for], [list]')) {
                    for (const attribute of ['aria-labelledby', 'aria-describedby', 'for', 'list']) {
                      for (const id of one.getAttribute(attribute)?.split(' ') ?? []) {
                        if (!document.getElementById(id)) found.push('no ' + id + ': ' + one.outerHTML.slice(0, 99));
                      }
                    }
                  }
                  const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
                  ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => found.push('twice: ' + id));
                  if (!document.documentElement.lang || !document.title) found.push('no language or title');
                  if (document.querySelectorAll('h1, main').length !== 2) found.push('no one h1 and main');
                  document.querySelectorAll('th:not([scope])').forEach(() => found.push('a th without scope'));
                  document.querySelectorAll('img:not([alt])').forEach(() => found.push('an img without alt'));
                  return found;
                }""", INTERACTIVE);
    }

    /**
     * Presses the tab key for everything that is to be reached.
     *
     * @return what was reached, as its number in the page and the style of its outline, such as {@code 3 solid}
     */
    public static List<String> tabbed(Page page) {
        int all = interactive(page);
        var reached = new ArrayList<String>();
        for (int i = 0; i < all; i++) {
            page.keyboard().press("Tab");
            reached.add((String) page.evaluate("""
                    selector => {
                      const now = document.activeElement;
                      const style = getComputedStyle(now);
                      const all = [...document.querySelectorAll(selector)].filter(one => one.checkVisibility());
                      return all.indexOf(now) + ' ' + style.outlineStyle;
                    }""", INTERACTIVE));
        }
        return reached;
    }

    /** What {@link #tabbed} gives when everything is reached in the order of the page, and shows that it is. */
    public static List<String> allInOrder(Page page) {
        return IntStream.range(0, interactive(page))
                .mapToObj(number -> number + " solid")
                .toList();
    }

    private static int interactive(Page page) {
        return (int) page.evaluate(
                "selector => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility()).length",
                INTERACTIVE);
    }
}
