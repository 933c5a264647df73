package minewatch.collector.web;

import java.util.List;

/// One project as it is shown.
///
/// @param moreHits older hits exist than are shown
/// @param newest id of the newest hit shown; 0 if none
/// @param fresh a hit newer than the ones the reader has before him has arrived
public record ProjectPage(
        Page page,
        ProjectView project,
        List<HitView> hits,
        boolean moreHits,
        int hitLimit,
        long newest,
        boolean fresh) {
    static final int HITS = 20;
    static final int MOST_HITS = 1000;

    /// The address the page asks for changes at: it says what the reader has seen.
    public String refresh() {
        return page.with("seen", Long.toString(newest));
    }

    /// This page with all that has arrived.
    public String anew() {
        return page.without("seen");
    }

    public String moreAddress() {
        return page.with("hits", Integer.toString(Math.min(hitLimit * 5, MOST_HITS)));
    }

    public boolean canShowMore() {
        return moreHits && hitLimit < MOST_HITS;
    }
}
