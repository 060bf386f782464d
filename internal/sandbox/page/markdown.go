package page

import (
	"bytes"
	"html/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown shows the text of a markdown block. What is HTML in it stays text.
func (p *Page) markdown(source string) template.HTML {
	reader := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList),
		goldmark.WithParserOptions(
			parser.WithInlineParsers(util.Prioritized(slackSyntax{p}, 50)), // before autolinks and raw HTML
			parser.WithASTTransformers(util.Prioritized(linkRewriter{}, 500)),
		),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(slackSyntax{p}, 100))),
	)
	var out bytes.Buffer
	if err := reader.Convert([]byte(source), &out); err != nil {
		return escaped(source)
	}
	return template.HTML(out.String()) //nolint:gosec // goldmark leaves raw HTML and script addresses out
}

// slackSyntax reads and shows a reference, a bare address or an emoji's code in Markdown.
type slackSyntax struct{ page *Page }

type slackNode struct {
	ast.BaseInline
	html template.HTML
}

var slackKind = ast.NewNodeKind("SlackMark")

func (*slackNode) Kind() ast.NodeKind              { return slackKind }
func (n *slackNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// Trigger returns what such a mark begins with.
func (slackSyntax) Trigger() []byte { return []byte("<:h") }

// Parse takes the mark at the reader, if one is there.
func (s slackSyntax) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	html, taken := s.page.match(string(line), references, block.PrecendingCharacter())
	if taken == 0 {
		return nil
	}
	block.Advance(taken)
	return &slackNode{html: html}
}

// RegisterFuncs says how the mark is shown, and the box of a task.
func (slackSyntax) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(extast.KindTaskCheckBox, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if box, ok := n.(*extast.TaskCheckBox); ok && entering { // a picture of a box: nobody can tick it
			sign := "☐ "
			if box.IsChecked {
				sign = "☑ "
			}
			_, _ = w.WriteString(sign)
		}
		return ast.WalkContinue, nil
	})
	r.Register(slackKind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if mark, ok := n.(*slackNode); ok && entering {
			_, _ = w.WriteString(string(mark.html))
		}
		return ast.WalkContinue, nil
	})
}

// linkRewriter makes links lead out of the page or nowhere, pictures links, as Slack
// does, and headings fit into a message.
type linkRewriter struct{}

const headingOffset = 2 // levels by which a message's headings stand below the page's own

// Transform goes through the whole document.
func (linkRewriter) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var addresses []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if entering {
				n.Level = min(n.Level+headingOffset, 6)
			}
		case *ast.Image, *ast.Link:
			if entering {
				addresses = append(addresses, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range addresses {
		rewriteLink(n)
	}
}

// rewriteLink puts a link that leads out of the page in the place of a link or a
// picture, or only its words where the address is none that may be followed.
func rewriteLink(n ast.Node) {
	l := ast.NewLink()
	switch n := n.(type) {
	case *ast.Link:
		l.Destination = n.Destination
	case *ast.Image:
		l.Destination = n.Destination
	}
	l.SetAttributeString("target", []byte("_blank"))
	l.SetAttributeString("rel", []byte("noopener"))
	parent := n.Parent()
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		if isLink(string(l.Destination)) {
			l.AppendChild(l, c)
		} else {
			parent.InsertBefore(parent, n, c)
		}
	}
	if isLink(string(l.Destination)) {
		parent.ReplaceChild(parent, n, l)
	} else {
		parent.RemoveChild(parent, n)
	}
}
