/** What pages show, in words and numbers that are ready to be read; public for the templates, which are compiled elsewhere. */
@NullMarked
package dev.lethe.ledger.console.view;

import org.jspecify.annotations.NullMarked;
