// Package blockkit checks layouts as Slack does, before it shows them: the
// blocks of a message, and the views of modals and App Home.
//
// The rules are data. A [shape] names an object's properties and the rule for
// each; tables of shapes describe the blocks, the elements inside them and the
// small objects they share. A few rules look at more than one property, and
// stand beside the shape they belong to.
//
//	surfaces.go   messages and views; which surface shows which block
//	blocks.go     section, header, divider, context, actions, context_actions, input,
//	              markdown, rich_text · image, video, file, call
//	grids.go      table, data_table         charts.go   data_visualization
//	cards.go      alert, card, carousel, plan, task_card
//	nesting.go    container, layout         richtext.go what rich_text consists of
//	elements.go   buttons; which block takes which element
//	menus.go      menus, boxes, pickers     inputs.go   what people type into
//	objects.go    texts, options, confirmations, filters, images
//	rules.go      what one value may be     check.go    the walk through a layout
//
// That is every block and element of @slack/types, and beside them call, layout
// and data_visualization, which Slack's documentation describes and those types
// lack. Not known, and so refused: auth_provider, the steps of legacy workflows,
// and the parts of rich text that only Slack itself writes, such as canvas or
// citation. Of Slack's icons any name will do, and no URL is fetched.
//
// Problems carry Slack's wording and a JSON pointer to the place. Slack looks
// twice: first whether all objects are well formed, and only if so whether they
// go together. That an id is unique, that an initial option is among the options
// or that a modal with inputs has submit is therefore not told of a layout in
// which something is misspelt. A view is a choice of modal and home, and so a
// malformed one is told to match neither before what is wrong with it.
//
// null is a value like any other: Slack wants what may be left out left out.
// Lengths count characters, not bytes. Where Slack's wording for a rule is not
// on record, ours follows the nearest that is.
package blockkit
