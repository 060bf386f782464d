// Package page draws the workspace for people, as HTML.
//
// view.go says what one person sees of the workspace at one moment, a [Page]; the
// rest turns it into the whole document. Where somebody is and what is open is in
// the address (/C0INCIDEN1?as=U0ONCALL01&thread=…), so that a page can be reloaded,
// bookmarked, and opened twice as two people.
//
//	address ──► view.go: what is seen ──► Page ──► parts/*.html ──► document
//	   ▲                                                              │
//	   └── static/*.js: refreshes when something has changed, and ◄───┘
//	       puts in what is new; sends what people do
//
// The script holds nothing of the workspace. It fetches the same address again,
// keeps what did not change in the document, and posts what an element's data-
// attributes say to the control interface.
//
// All that apps and people write is text to the templates, which escape it. The
// only HTML made by hand is of markup ([Page.mrkdwn], rich text, Markdown), and
// each piece of text in it goes through the escaper.
package page
