package page

import (
	"bytes"
	"html/template"
	"regexp"
	"strings"
)

// Surface is where blocks stand: in a message, in a modal, or in the app's Home.
type Surface struct {
	*Page
	ID      string // unique in the document
	View    bool   // it is a form: what stands in its fields stays while blocks and actions do
	Entered Values
	Errors  map[string]string
}

// Part is a block, or an element of one.
type Part struct {
	Surface
	B object // the block
	E object // the element; nil in a block
}

// Draw shows blocks one after the other.
func (s Surface) Draw(blocks []object) template.HTML {
	var out template.HTML
	for _, b := range blocks {
		out += render("block-"+word(b, "type"), "block-unknown", Part{Surface: s, B: b})
	}
	return out
}

// render runs the template of that name, or the other one where there is none.
func render(name, otherwise string, data any) template.HTML {
	t := templates.Lookup(name)
	if t == nil {
		t = templates.Lookup(otherwise)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return wrapped("p", escaped("Can't show this: "+err.Error()), "class", "problem")
	}
	return template.HTML(out.String()) //nolint:gosec // it comes from a template
}

// Plain returns a text object without markup.
func (Part) Plain(text any) string {
	o, _ := text.(object)
	return plain(word(o, "text"))
}

// Text returns a text object, or nothing.
func (p Part) Text(text any) template.HTML {
	o, _ := text.(object)
	if o["type"] == "mrkdwn" {
		return p.mrkdwn(word(o, "text"))
	}
	return escaped(plain(word(o, "text")))
}

// Markdown returns the text of a markdown block.
func (p Part) Markdown() template.HTML { return p.markdown(word(p.B, "text")) }

// RichText returns a rich_text block.
func (p Part) RichText() template.HTML { return p.richText(p.B) }

// Table returns a table block.
func (p Part) Table() template.HTML { return p.table(p.B) }

// Elements returns the block's.
func (p Part) Elements() []Part {
	var all []Part
	for _, e := range list(p.B["elements"]) {
		all = append(all, p.of(e))
	}
	return all
}

func (p Part) of(e object) Part { p.E = e; return p }

// Accessory returns a section's, if it has one.
func (p Part) Accessory() *Part { return p.only("accessory") }

// Field returns an input's element.
func (p Part) Field() *Part { return p.only("element") }

func (p Part) only(key string) *Part {
	e, ok := p.B[key].(object)
	if !ok {
		return nil
	}
	part := p.of(e)
	return &part
}

// Picture is an image. The page fetches nothing from the web, so that it shows
// those only that are in their address; of others it says what and where they are.
type Picture struct {
	Shown template.URL
	At    string // "" where it is nowhere that may be followed
	Alt   string
}

// Picture returns the image of a block or an element.
func (Part) Picture(o object) Picture {
	address := word(o, "image_url")
	if file, ok := o["slack_file"].(object); ok && address == "" {
		address = word(file, "url")
	}
	p := Picture{Alt: word(o, "alt_text")}
	switch {
	case strings.HasPrefix(address, "data:image/"):
		p.Shown = template.URL(address) //nolint:gosec // it does not run in an image
	case isLink(address):
		p.At = address
	}
	return p
}

// Draw shows an element: what confirmation before it acts, and the element itself.
func (p Part) Draw() template.HTML {
	kind := word(p.E, "type")
	switch {
	case kind == "button" || kind == "overflow" || kind == "image":
	case controls[kind].template == "":
		kind = "unknown"
	default:
		kind = p.control()
	}
	var confirmation template.HTML
	if p.E["confirm"] != nil {
		confirmation = render("confirmation", "", p)
	}
	return confirmation + render("element-"+kind, "", p)
}

// Acts reports whether an element acts as soon as it changes; others are fields,
// whose values go with the form.
func (p Part) Acts() bool {
	dispatches, _ := p.B["dispatch_action"].(bool)
	return word(p.B, "type") != "input" || dispatches
}

// Marks returns the attributes by which the script knows an element.
func (p Part) Marks() template.HTMLAttr {
	of, action := word(p.B, "block_id"), word(p.E, "action_id")
	pairs := []string{"data-of", of, "data-action", action, "data-kind", word(p.E, "type")}
	if p.View {
		pairs = append(pairs, "data-key", of+"/"+action)
	}
	if p.Acts() {
		pairs = append(pairs, "data-acts", "")
	}
	return attributes(pairs...)
}

func attributes(pairs ...string) template.HTMLAttr {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		b.WriteString(" " + pairs[i] + `="` + template.HTMLEscapeString(pairs[i+1]) + `"`)
	}
	return template.HTMLAttr(b.String()) //nolint:gosec // names are ours, and values are escaped
}

// ElementID returns the element's in the document.
func (p Part) ElementID() string {
	return p.ID + "-" + word(p.B, "block_id") + "-" + word(p.E, "action_id")
}

// Out returns where a button with an address leads, if it may.
func (Part) Out(o object) string {
	if address := word(o, "url"); isLink(address) {
		return address
	}
	return ""
}

// Group reports whether the element is several boxes with one label.
func (p Part) Group() bool { return p.kind().template == "boxes" && word(p.B, "type") == "input" }

// Attachment is the older kind of a message's content.
type Attachment struct {
	Surface
	A object
}

// Attachments shows a message's attachments, each with a bar of its colour.
func (s Surface) Attachments(all []any) template.HTML {
	var out template.HTML
	for _, a := range list(all) {
		out += render("attachment", "", Attachment{s, a})
	}
	return out
}

// Markup returns a text with markup.
func (a Attachment) Markup(v any) template.HTML {
	s, _ := v.(string)
	return a.mrkdwn(s)
}

// Word returns a text without markup.
func (Attachment) Word(v any) string {
	s, _ := v.(string)
	return plain(s)
}

// Heading returns the title, with where it leads.
func (a Attachment) Heading() template.HTML {
	title := escaped(plain(word(a.A, "title")))
	if address := word(a.A, "title_link"); address != "" && title != "" {
		return link(address, title)
	}
	return title
}

// Slack's names for colours, as the page has them.
var colors = map[string]string{"good": "var(--good)", "warning": "var(--edge)", "danger": "var(--bad)"}

var hex = regexp.MustCompile(`^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)

// Tone returns the bar's colour, as a style.
func (a Attachment) Tone() template.CSS {
	color := word(a.A, "color")
	if tone, ok := colors[color]; ok {
		return template.CSS("border-color: " + tone) //nolint:gosec // of the table
	}
	if m := hex.FindStringSubmatch(color); m != nil {
		return template.CSS("border-color: #" + m[1]) //nolint:gosec // digits
	}
	return ""
}

// Blocks returns the attachment's own.
func (a Attachment) Blocks() template.HTML { return a.Draw(list(a.A["blocks"])) }
