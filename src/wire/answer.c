#include "wire/answer.h"

#include "text/json_write.h"

static void put_model(struct fm_json_writer *w, const struct fm_answer_model *model)
{
	fm_json_object(w, NULL);
	fm_json_string(w, "id", model->id);
	fm_json_string(w, "object", "model");
	fm_json_i64(w, "created", model->created_s);
	fm_json_string(w, "owned_by", model->owned_by);
	if (model->window > 0)
		fm_json_u64(w, "max_model_len", model->window);
	fm_json_end_object(w);
}

void fm_answer_put_model(struct fm_buf *buf, const struct fm_answer_model *model)
{
	struct fm_json_writer w = {buf, false};

	put_model(&w, model);
}

void fm_answer_put_models(struct fm_buf *buf, const struct fm_answer_model *models, size_t count)
{
	struct fm_json_writer w = {buf, false};

	fm_json_object(&w, NULL);
	fm_json_string(&w, "object", "list");
	fm_json_list(&w, "data");
	for (size_t i = 0; i < count; i++)
		put_model(&w, &models[i]);
	fm_json_end_list(&w);
	fm_json_end_object(&w);
}
