/**
 * Records as JSON that reads back equal. The records themselves are the schema: a member for each
 * component, by its name.
 */
@NullMarked
package io.kubeipvs.proxy.inspect.json;

import org.jspecify.annotations.NullMarked;
